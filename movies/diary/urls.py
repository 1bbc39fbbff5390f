from django.urls import path, re_path

from movies.diary.views import comparisons, data, feeds, films, pages, records, reports, search, walls, wishes

urlpatterns = [
    path("", pages.home, name="home"),
    path("about/", pages.about, name="about"),
    path("terms/", pages.terms, name="terms"),
    path("privacy/", pages.privacy, name="privacy"),
    path("feed/", feeds.show_feed, name="feed"),
    path("search/", search.search, name="search"),
    path("search/tmdb/", search.tmdb_results, name="search_tmdb"),
    path("films/<int:pk>/record/", records.record, name="record"),
    path("films/tmdb/<int:tmdb_id>/record/", records.record_from_tmdb, name="record_from_tmdb"),
    path("films/<int:pk>/wish/", wishes.wish, name="wish"),
    path("films/<int:pk>/unwish/", wishes.unwish, name="unwish"),
    path("films/<int:pk>/reminders/", wishes.change_reminders, name="change_reminders"),
    path("films/tmdb/<int:tmdb_id>/wish/", wishes.wish_from_tmdb, name="wish_from_tmdb"),
    re_path(r"^films/(?P<pk>\d+)-(?P<slug>[^/]+)/$", films.film, name="film"),
    path("entries/<int:pk>/delete/", records.delete_entry, name="delete_entry"),
    path("entries/<int:pk>/restore/", records.restore_entry, name="restore_entry"),
    path("entries/<int:pk>/report/", reports.report_entry, name="report_entry"),
    path("entries/<int:pk>/day/", records.date_entry, name="date_entry"),
    path("viewings/<int:pk>/", records.redate_viewing, name="redate_viewing"),
    path("viewings/<int:pk>/remove/", records.remove_viewing, name="remove_viewing"),
    path("watchlist/", wishes.watchlist, name="watchlist"),
    path("deleted/", records.deleted_entries, name="deleted_entries"),
    path("random/", walls.random_wall, name="random_wall"),
    path("@<handle:handle>/compare/@<handle:other>/", comparisons.compare, name="compare"),
    path("settings/data/", data.my_data, name="my_data"),
    path("settings/data/download/", data.download, name="download_my_data"),
    path("settings/data/letterboxd/", data.download_for_letterboxd, name="download_for_letterboxd"),
    path("@<handle:handle>/", walls.wall, name="wall"),
]
