"""What each event is called in words; the trail itself keeps its short names for ever."""

from cityforge.brain.errors import Text
from cityforge.brain.evaluation.proceedings.stages import TITLES

ACTIONS: dict[str, Text] = {
    "accounts.codes_off": Text(zh="关闭动态码", en="turned one-time codes off"),
    "accounts.codes_on": Text(zh="开启动态码", en="turned one-time codes on"),
    "accounts.delegated": Text(zh="委托他人代办", en="delegated a role"),
    "accounts.ended": Text(zh="终止角色", en="ended a role"),
    "accounts.granted": Text(zh="授予角色", en="granted a role"),
    "accounts.identity_forgotten": Text(zh="删除统一身份", en="forgot an identity"),
    "accounts.linked": Text(zh="绑定统一身份", en="linked an identity"),
    "accounts.locked": Text(zh="多次输错，暂停登录", en="rested after misses"),
    "accounts.made": Text(zh="新建账号", en="made an account"),
    "accounts.organisations": Text(zh="更新机构", en="took organisations in"),
    "accounts.password_changed": Text(zh="修改密码", en="changed the password"),
    "accounts.password_given": Text(zh="重发一次性密码", en="gave a first password"),
    "accounts.session_ended": Text(zh="结束一个会话", en="ended a session"),
    "accounts.sessions_ended": Text(zh="结束其他会话", en="ended other sessions"),
    "accounts.sign_on_refused": Text(zh="统一身份登录被拒", en="sign-on refused"),
    "accounts.signed_in": Text(zh="登录", en="signed in"),
    "accounts.signed_out": Text(zh="退出", en="signed out"),
    "accounts.switched_off": Text(zh="停用账号", en="switched an account off"),
    "accounts.switched_on": Text(zh="启用账号", en="switched an account on"),
    "accounts.unlinked": Text(zh="解绑统一身份", en="unlinked an identity"),
    "accounts.unlocked": Text(zh="解除暂停登录", en="unlocked an account"),
    "api.exported": Text(zh="经接口导出", en="exported by the API"),
    "api.token_made": Text(zh="新建接口令牌", en="made a token"),
    "api.token_revoked": Text(zh="撤销接口令牌", en="revoked a token"),
    "campaigns.ended": Text(zh="推送结束", en="a push ended"),
    "campaigns.interrupted": Text(zh="推送中断", en="a push was interrupted"),
    "campaigns.outdated": Text(zh="推送依据已过时", en="a push was outdated"),
    "campaigns.recipients_taken": Text(zh="导出推送名单", en="took the list of a push"),
    "campaigns.resumed": Text(zh="继续推送", en="resumed a push"),
    "campaigns.sent": Text(zh="发起推送", en="sent a push"),
    "campaigns.sent_again": Text(zh="再次推送", en="sent a push again"),
    "campaigns.stopped": Text(zh="停止推送", en="stopped a push"),
    "corrections.asked": Text(zh="申请更正数据", en="asked for a correction"),
    "corrections.evidence_opened": Text(zh="查看更正佐证", en="opened the evidence"),
    "corrections.ruled": Text(zh="核实更正申请", en="ruled on a correction"),
    "corrections.undone": Text(zh="撤销异议认定的更正", en="undid a ruled correction"),
    "corrections.withdrawn": Text(zh="撤回更正申请", en="withdrew a correction"),
    "desk.taken": Text(zh="导出数字背后的名单", en="took the list behind a figure"),
    "dossier.taken": Text(zh="下载企业 PDF", en="took a PDF"),
    "enterprises.claim_granted": Text(zh="通过企业认领", en="granted a claim"),
    "enterprises.claim_refused": Text(zh="未通过企业认领", en="refused a claim"),
    "enterprises.claimed": Text(zh="认领企业", en="claimed an enterprise"),
    "enterprises.downloaded": Text(zh="导出企业名单", en="took a list"),
    "enterprises.indexed": Text(zh="更新企业库", en="made the list anew"),
    "enterprises.merged": Text(zh="合并代码", en="merged two codes"),
    "enterprises.split": Text(zh="撤销合并", en="undid a merger"),
    "evaluations.begun": Text(zh="开始评价流程", en="began proceedings"),
    "evaluations.confirmed": Text(zh="企业确认数据", en="confirmed its data"),
    "evaluations.objected": Text(zh="企业提出异议", en="objected"),
    "evaluations.published": Text(zh="公示或审定", en="published"),
    "evaluations.rerun": Text(zh="重算评价", en="computed anew"),
    "evaluations.ruled": Text(zh="认定异议", en="ruled on an objection"),
    "evaluations.ruling_withdrawn": Text(zh="撤销异议认定", en="withdrew a ruling"),
    "evaluations.stepped": Text(zh="推进评价流程", en="went to a stage"),
    "evaluations.taken": Text(zh="下载评价文件", en="took a file"),
    "imports.approved": Text(zh="批准接收", en="approved a delivery"),
    "imports.changed_meanwhile": Text(zh="数据已变，未接收", en="changed meanwhile"),
    "imports.checked": Text(zh="检查完成", en="checked a delivery"),
    "imports.checked_again": Text(zh="重新检查", en="checked again"),
    "imports.counted": Text(zh="清点数据", en="counted what is held"),
    "imports.interrupted": Text(zh="检查中断", en="a check was interrupted"),
    "imports.not_taken": Text(zh="未能接收", en="a delivery was not taken"),
    "imports.returned": Text(zh="退回报送", en="returned a delivery"),
    "imports.submitted": Text(zh="提交审核", en="submitted a delivery"),
    "imports.taken": Text(zh="已入库", en="took a delivery in"),
    "imports.undone": Text(zh="撤销接收", en="undid a delivery"),
    "imports.unreadable": Text(zh="文件无法读取", en="a file was unreadable"),
    "imports.uploaded": Text(zh="上传文件", en="uploaded a file"),
    "imports.withdrawn": Text(zh="撤回报送", en="withdrew a delivery"),
    "notices.consent_agreed": Text(zh="同意接收消息", en="agreed to messages"),
    "notices.consent_asked": Text(zh="申请接收消息", en="asked for messages"),
    "notices.consent_ended": Text(zh="退订消息", en="ended messages"),
    "notices.consent_wrong_code": Text(zh="验证码不对", en="wrong code"),
    "notices.followed": Text(zh="点开消息中的链接", en="followed a message"),
    "notices.read": Text(zh="阅读消息", en="read a message"),
    "policies.candidates_taken": Text(zh="导出候选名单", en="took a candidate list"),
    "policies.declared": Text(zh="企业自报数据", en="declared a fact"),
    "policies.draft_begun": Text(zh="起草政策", en="began a draft"),
    "policies.draft_saved": Text(zh="保存政策草稿", en="saved a draft"),
    "policies.draft_sent_back": Text(zh="退回政策草稿", en="sent a draft back"),
    "policies.draft_submitted": Text(zh="提交政策审定", en="submitted a draft"),
    "policies.draft_taken_back": Text(zh="收回政策草稿", en="took a draft back"),
    "policies.draft_taken_over": Text(zh="接手政策草稿", en="took a draft over"),
    "policies.draft_withdrawn": Text(zh="作废政策草稿", en="withdrew a draft"),
    "policies.kept": Text(zh="收藏政策", en="kept a policy"),
    "policies.let_go": Text(zh="取消收藏", en="let a policy go"),
    "policies.not_published": Text(zh="政策未能发布", en="a policy was not published"),
    "policies.published": Text(zh="发布政策", en="published a policy"),
    "policies.publishing": Text(zh="批准发布政策", en="let a policy be published"),
    "policies.undeclared": Text(zh="撤回自报数据", en="took a declared fact back"),
    "runs.adopted": Text(zh="启用计算结果", en="put a run in force"),
    "runs.cancelled": Text(zh="取消计算", en="cancelled a run"),
    "runs.computed": Text(zh="计算完成", en="computed a run"),
    "runs.discarded": Text(zh="弃用计算结果", en="discarded a run"),
    "runs.given_up": Text(zh="计算未能完成", en="gave a run up"),
    "runs.interrupted": Text(zh="计算中断", en="a run was interrupted"),
    "runs.refused": Text(zh="计算被拒", en="a run was refused"),
    "runs.started": Text(zh="开始计算", en="started a run"),
}
KINDS: dict[str, Text] = {
    "bureau": Text(zh="部门", en="bureau"),
    "campaign": Text(zh="推送", en="push"),
    "city": Text(zh="城市", en="city"),
    "dataset": Text(zh="数据集", en="dataset"),
    "delivery": Text(zh="报送", en="delivery"),
    "draft": Text(zh="政策草稿", en="draft"),
    "enterprise": Text(zh="企业", en="enterprise"),
    "figure": Text(zh="数字", en="figure"),
    "list": Text(zh="名单", en="list"),
    "notice": Text(zh="消息", en="message"),
    "policy": Text(zh="政策", en="policy"),
    "run": Text(zh="计算", en="run"),
    "scheme": Text(zh="评价方案", en="scheme"),
    "token": Text(zh="令牌", en="token"),
    "user": Text(zh="账号", en="account"),
}
# What stands beside an event, by the name under which the trail keeps it.
DETAILS: dict[str, Text] = {
    "accepted": Text(zh="通过", en="accepted"),
    "after": Text(zh="之后", en="after"),
    "as_of": Text(zh="数据截至", en="data as of"),
    "base": Text(zh="底稿", en="base"),
    "before": Text(zh="之前", en="before"),
    "bureau": Text(zh="部门", en="bureau"),
    "bytes": Text(zh="字节", en="bytes"),
    "changed": Text(zh="改动", en="changed"),
    "channel": Text(zh="通道", en="channel"),
    "correction": Text(zh="更正", en="correction"),
    "count": Text(zh="数目", en="count"),
    "dataset": Text(zh="数据集", en="dataset"),
    "digest": Text(zh="摘要", en="digest"),
    "draft": Text(zh="稿件", en="draft"),
    "earlier": Text(zh="以前的文本", en="earlier text"),
    "ends": Text(zh="截止", en="until"),
    "expires": Text(zh="有效期至", en="until"),
    "fact": Text(zh="数据项", en="fact"),
    "file": Text(zh="文件", en="file"),
    "files": Text(zh="文件", en="files"),
    "form": Text(zh="格式", en="form"),
    "from": Text(zh="自", en="from"),
    "grounds": Text(zh="依据", en="grounds"),
    "instead_of": Text(zh="代替", en="in place of"),
    "into": Text(zh="并入", en="into"),
    "issuer": Text(zh="签发者", en="issuer"),
    "lacking": Text(zh="缺", en="lacking"),
    "name": Text(zh="名称", en="name"),
    "new": Text(zh="新", en="new"),
    "note": Text(zh="说明", en="note"),
    "number": Text(zh="编号", en="number"),
    "objection": Text(zh="异议", en="objection"),
    "origin": Text(zh="来自评价异议", en="from an objection"),
    "outcome": Text(zh="认定", en="ruling"),
    "owner": Text(zh="所有人", en="owner"),
    "policy": Text(zh="政策", en="policy"),
    "publicity_days": Text(zh="公示工作日", en="days of publicity"),
    "purpose": Text(zh="用途", en="purpose"),
    "read": Text(zh="读入", en="read"),
    "reason": Text(zh="理由", en="reason"),
    "right": Text(zh="应为", en="should be"),
    "role": Text(zh="角色", en="role"),
    "rows": Text(zh="行数", en="rows"),
    "run": Text(zh="结果", en="run"),
    "scheme": Text(zh="方案", en="scheme"),
    "scopes": Text(zh="权限", en="uses"),
    "sessions_ended": Text(zh="结束会话", en="sessions ended"),
    "sha256": Text(zh="文件摘要", en="sha256"),
    "snapshot": Text(zh="快照", en="snapshot"),
    "subject": Text(zh="那里的编号", en="number there"),
    "to": Text(zh="到", en="to"),
    "uscc": Text(zh="企业", en="enterprise"),
    "value": Text(zh="数值", en="value"),
    "version": Text(zh="版本", en="version"),
    "way": Text(zh="方式", en="by"),
    "whose": Text(zh="谁的", en="whose"),
    "why": Text(zh="原因", en="why"),
    "year": Text(zh="年度", en="year"),
}


# What is kept as a code, by the name of the detail.
VALUES: dict[str, dict[str, Text]] = {
    "channel": {
        "email": Text(zh="邮件", en="e-mail"),
        "inbox": Text(zh="站内信", en="inbox"),
        "sms": Text(zh="短信", en="SMS"),
    },
    "outcome": {
        "accepted": Text(zh="采纳", en="accepted"),
        "partly": Text(zh="部分采纳", en="partly"),
        "refused": Text(zh="不采纳", en="refused"),
        "rejected": Text(zh="不采纳", en="rejected"),
        "upheld": Text(zh="采纳", en="upheld"),
    },
    "purpose": {
        "final": Text(zh="审定", en="settlement"),
        "publicity": Text(zh="公示", en="publicity"),
    },
    "to": {**TITLES},
    "way": {
        "oidc": Text(zh="统一登录", en="the sign-on"),
        "oidc and code": Text(zh="统一登录和动态码", en="the sign-on and a code"),
        "password": Text(zh="密码", en="password"),
        "password and code": Text(zh="密码和动态码", en="password and a code"),
    },
}


def details(kept: dict[str, object]) -> list[tuple[Text, Text]]:
    """What stands beside an event, each under what it is called; nothing where it is empty."""
    return [
        (DETAILS.get(name) or Text(zh=name, en=name), _value(name, value))
        for name, value in kept.items()
        if value not in (None, "")
    ]


def _value(name: str, value: object) -> Text:
    if isinstance(value, bool):
        return Text(zh="是", en="yes") if value else Text(zh="否", en="no")
    if isinstance(value, list):
        parts = [_value(name, one) for one in value]
        return Text(zh="、".join(one.zh for one in parts), en=", ".join(one.en for one in parts))
    told = str(value)
    return VALUES.get(name, {}).get(told) or Text(zh=told, en=told)


def action(name: str) -> Text:
    """The name itself where nothing else is known of it."""
    return ACTIONS.get(name) or Text(zh=name, en=name)


def kind(name: str) -> Text:
    return KINDS.get(name) or Text(zh=name, en=name)
