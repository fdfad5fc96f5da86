from django.urls import path

from cityforge.portal.policies.views import enterprise, offices, public

app_name = "policies"
urlpatterns = [
    path("", public.catalogue, name="catalogue"),
    path("calendar/", public.calendar, name="calendar"),
    path("calendar.ics", public.calendar_file, name="calendar-file"),
    path("check-up/", enterprise.check_up, name="check-up"),
    path("check-up/question/", enterprise.question, name="question"),
    path("check-up/answer/", enterprise.answer, name="answer"),
    path("check-up/undo/", enterprise.undo, name="undo"),
    path("coverage/", offices.coverage, name="coverage"),
    path("<slug:name>/", public.policy, name="policy"),
    path("<slug:name>/keep/", public.keep, name="keep"),
    path("<slug:name>/candidates/", offices.candidates, name="candidates"),
    path("<slug:name>/candidates.xlsx", offices.workbook, name="workbook"),
    path("<slug:name>/simulation/", offices.simulation, name="simulation"),
]
