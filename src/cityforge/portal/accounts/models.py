"""People, organisations, memberships. A membership says who acts for whom, as what, until when."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cityforge.portal.accounts import roles


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **more: object) -> "User":
        user = self.model(username=self.model.normalize_username(username), **more)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """One person. What they may do stands in their memberships alone."""

    username = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=100)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)
    joined = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)
    must_change = models.BooleanField(default=False)  # the password is one to be used once
    secret = models.CharField(max_length=64, blank=True)  # of one-time codes; "": none asked
    step = models.BigIntegerField(default=0)  # of the last code used: none counts twice

    USERNAME_FIELD = "username"
    objects = UserManager()

    def __str__(self) -> str:
        return self.username

    @property
    def shown(self) -> str:
        return self.name or self.username


class Identity(models.Model):
    """Somebody as a provider of sign-on knows them: told apart by issuer and subject alone.

    user         whose account it opens; None: they tried, and wait to be linked
    name, email  what the provider claimed last, for people to read
    """

    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)
    first_tried = models.DateTimeField(default=timezone.now)
    last_tried = models.DateTimeField(default=timezone.now)
    user = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="identities"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="identity_once"),
            models.UniqueConstraint(fields=["issuer", "user"], name="identity_of_a_person"),
        ]
        ordering = ["-last_tried"]

    def __str__(self) -> str:
        return f"{self.issuer} {self.subject}"


class Organisation(models.Model):
    """The city, a bureau, a district, a park, an enterprise.

    `code`: the unit's, district's or park's id in the city folder; an enterprise's credit code.
    """

    kind = models.CharField(max_length=16, choices=[(k, t.zh) for k, t in roles.KINDS.items()])
    code = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="organisation_code")]
        ordering = ["kind", "code"]

    def __str__(self) -> str:
        return self.title


class Membership(models.Model):
    """A person in an organisation with a role; a delegation names whose it is and ends."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    role = models.CharField(max_length=32, choices=[(k, t.zh) for k, t in roles.ROLES.items()])
    starts = models.DateField(default=timezone.localdate)
    ends = models.DateField(null=True, blank=True)
    delegated_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="delegations"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role", "starts"], name="membership_once"
            ),
            models.CheckConstraint(
                condition=Q(delegated_by=None) | Q(ends__isnull=False), name="delegation_ends"
            ),
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gte=models.F("starts")), name="membership_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.role} {self.organisation}"


class Sitting(models.Model):
    """Somebody signed in at some browser; it lives as long as its session."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sittings")
    session_key = models.CharField(max_length=40, unique=True)
    began = models.DateTimeField(default=timezone.now)
    agent = models.CharField(max_length=200, blank=True)
    address = models.GenericIPAddressField(null=True, blank=True)

    class Meta:
        ordering = ["-began"]

    def __str__(self) -> str:
        return f"{self.user} {self.began:%Y-%m-%d %H:%M}"
