from django.urls import path

from cityforge.portal.policies.views import deciding, drafts, enterprise, offices, public

app_name = "policies"
urlpatterns = [
    path("", public.catalogue, name="catalogue"),
    path("calendar/", public.calendar, name="calendar"),
    path("calendar.ics", public.calendar_file, name="calendar-file"),
    path("check-up/", enterprise.check_up, name="check-up"),
    path("check-up/question/", enterprise.question, name="question"),
    path("check-up/inside/", enterprise.inside, name="inside"),
    path("check-up/answer/", enterprise.answer, name="answer"),
    path("check-up/undo/", enterprise.undo, name="undo"),
    path("coverage/", offices.coverage, name="coverage"),
    path("drafts/", drafts.home, name="drafts"),
    path("drafts/begin/", drafts.begin, name="begin"),
    path("drafts/of/<slug:name>/", drafts.versions, name="versions"),
    path("drafts/of/<slug:name>/begin/", drafts.begin_from, name="begin-from"),
    path("drafts/<int:pk>/", drafts.draft, name="draft"),
    path("drafts/<int:pk>/save/", drafts.save, name="save"),
    path("drafts/<int:pk>/look/", drafts.look, name="look"),
    path("drafts/<int:pk>/effects/", drafts.work_out, name="effects"),
    path("drafts/<int:pk>/compare/", drafts.compare, name="compare"),
    path("drafts/<int:pk>/submit/", deciding.submit, name="submit"),
    path("drafts/<int:pk>/take-back/", deciding.take_back, name="take-back"),
    path("drafts/<int:pk>/take-over/", deciding.take_over, name="take-over"),
    path("drafts/<int:pk>/withdraw/", deciding.withdraw, name="withdraw"),
    path("drafts/<int:pk>/send-back/", deciding.send_back, name="send-back"),
    path("drafts/<int:pk>/publish/", deciding.publish, name="publish"),
    path("<slug:name>/", public.policy, name="policy"),
    path("<slug:name>/keep/", public.keep, name="keep"),
    path("<slug:name>/candidates/", offices.candidates, name="candidates"),
    path("<slug:name>/candidates.xlsx", offices.workbook, name="workbook"),
    path("<slug:name>/simulation/", offices.simulation, name="simulation"),
]
