from django import forms
from django.utils.translation import gettext_lazy as _

from movies.diary.wall import Dates, Order


class PosterForm(forms.Form):
    order = forms.ChoiceField(label=_("Order"), choices=Order, initial=Order.RELEASE)
    dates = forms.ChoiceField(
        label=_("Whose release date"),
        choices=Dates,
        initial=Dates.JAPAN,
        required=False,
        help_text=_("Counts where the films stand by release date."),
    )
    is_whole = forms.BooleanField(
        label=_("Also the films that not everybody may see"),
        required=False,
        help_text=_("A poster is hung where others see it: without this, only what you show to everybody is on it."),
    )

    def clean_order(self) -> Order:
        return Order(self.cleaned_data["order"])

    def clean_dates(self) -> Dates:
        return Dates(self.cleaned_data["dates"] or Dates.JAPAN)
