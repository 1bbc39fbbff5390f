from django.urls import path

from movies.imports.views import batches, doubts

urlpatterns = [
    path("import/", batches.imports, name="imports"),
    path("import/begin/", batches.begin, name="begin_import"),
    path("import/<int:pk>/", batches.show, name="import"),
    path("import/<int:pk>/progress/", batches.progress, name="import_progress"),
    path("import/<int:pk>/arrived/", batches.arrived, name="import_arrived"),
    path("import/<int:pk>/answer/", batches.answer, name="answer_import"),
    path("import/<int:pk>/run/", batches.run, name="run_import"),
    path("import/<int:pk>/undo/", batches.undo, name="undo_import"),
    path("import/<int:pk>/again/", batches.again, name="start_import_again"),
    path("import/<int:pk>/discard/", batches.discard, name="discard_import"),
    path("import/<int:pk>/rejects.csv", batches.rejects, name="import_rejects"),
    path("import/<int:pk>/doubts/", doubts.doubts, name="import_doubts"),
    path("import/<int:pk>/doubts/<int:mention>/pick/", doubts.pick, name="pick_film"),
    path("import/<int:pk>/doubts/<int:mention>/leave-out/", doubts.leave_out, name="leave_film_out"),
]
