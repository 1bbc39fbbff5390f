from django.urls import path

from accounts.people.views import acts, lists, settings

urlpatterns = [
    path("people/", lists.people, name="people"),
    path("@<handle:handle>/followers/", lists.followers, name="followers"),
    path("@<handle:handle>/following/", lists.following, name="following"),
    path("@<handle:handle>/follow/", acts.follow, name="follow"),
    path("@<handle:handle>/unfollow/", acts.unfollow, name="unfollow"),
    path("@<handle:handle>/accept/", acts.accept, name="accept_follower"),
    path("@<handle:handle>/remove/", acts.remove_follower, name="remove_follower"),
    path("@<handle:handle>/block/", acts.block, name="block"),
    path("@<handle:handle>/unblock/", acts.unblock, name="unblock"),
    path("@<handle:handle>/mute/", acts.mute, name="mute"),
    path("@<handle:handle>/unmute/", acts.unmute, name="unmute"),
    path("settings/", settings.settings, name="settings"),
    path("settings/profile/", settings.ProfileSettings.as_view(), name="profile_settings"),
    path("settings/picture/", settings.avatar_settings, name="avatar_settings"),
    path("settings/picture/remove/", settings.remove_avatar, name="remove_avatar"),
    path("settings/privacy/", settings.PrivacySettings.as_view(), name="privacy_settings"),
    path("settings/privacy/people/", settings.out_of_sight, name="out_of_sight"),
    path("settings/display/", settings.DisplaySettings.as_view(), name="display_settings"),
    path("settings/mail/", settings.MailSettings.as_view(), name="mail_settings"),
    path("settings/mail/use-again/", settings.use_address_again, name="use_address_again"),
    path("settings/account/", settings.AccountSettings.as_view(), name="account_settings"),
]
