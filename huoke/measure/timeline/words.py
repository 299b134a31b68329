"""How a timeline says what happened, in both languages."""

TITLES = {
    "grant.reserved": ("预留权益", "Benefit set aside"),
    "grant.issued": ("发放权益", "Benefit granted"),
    "grant.fulfilling": ("权益办理中", "Benefit on its way"),
    "grant.fulfilled": ("领取权益", "Benefit claimed"),
    "grant.used": ("核销权益", "Benefit redeemed"),
    "grant.failed": ("权益办理失败", "Benefit failed"),
    "grant.expired": ("权益过期", "Benefit expired"),
    "grant.revoked": ("撤销权益", "Benefit revoked"),
    "grant.returned": ("退回权益", "Benefit returned"),
    "message.sent": ("短信已发出", "Message sent"),
    "message.delivered": ("短信送达", "Message delivered"),
    "message.failed": ("短信未送达", "Message not delivered"),
    "message.withheld": ("短信未发送", "Message withheld"),
    "case.opened": ("建立服务工单", "Service case opened"),
    "case.noted": ("客服沟通记录", "Service contact noted"),
    "case.closed": ("服务工单办结", "Service case closed"),
    "desk.message": ("客服重发短信", "Desk sent the message again"),
    "desk.link": ("客服发送领取链接", "Desk sent a link"),
    "desk.query_order": ("客服查询订单", "Desk asked after an order"),
    "desk.cancel_order": ("客服取消订单", "Desk cancelled an order"),
    "desk.deliver_again": ("客服补发", "Desk had it delivered again"),
    "approval.submitted": ("提交审批", "Approval asked for"),
    "approval.approve": ("审批通过", "Approved"),
    "approval.return": ("审批退回", "Returned by the approver"),
    "approval.reject": ("审批不通过", "Rejected by the approver"),
    "consent.given": ("同意授权", "Consent given"),
    "consent.withdrawn": ("撤回授权", "Consent withdrawn"),
    "consent.taken_back": ("授权登记作废", "Consent entry taken back"),
    "suppression.given": ("列入免打扰名单", "Put on a suppression list"),
    "suppression.withdrawn": ("移出免打扰名单", "Off a suppression list"),
    "product.opened": ("开立账户", "Account opened"),
    "product.closed": ("销户", "Account closed"),
    "product.started": ("持有产品", "Product taken up"),
    "record.created": ("建立客户档案", "Customer record made"),
    "record.changed": ("资料变更", "Record changed"),
    "join.join": ("合并客户号", "Customer numbers joined"),
    "join.part": ("拆分客户号", "Customer numbers parted"),
    "tag.entered": ("新增标签", "Tag gained"),
    "tag.left": ("标签移除", "Tag lost"),
    "temperature.moved": ("温度变化", "Temperature moved"),
    "segment.entered": ("进入客群", "Entered a segment"),
    "segment.left": ("离开客群", "Left a segment"),
    "cell.moved": ("宫格变化", "Moved to another cell"),
}
"""Name of a line → Chinese, English."""

SUPPRESSED = {
    "overdue": ("逾期", "Overdue"),
    "collection": ("催收中", "In collection"),
    "aml": ("反洗钱关注", "Anti-money-laundering watch"),
    "court": ("司法协助", "Court order"),
    "deceased": ("客户身故", "Deceased"),
    "complaint": ("投诉未结", "Open complaint"),
    "staff": ("本行员工", "Staff of the bank"),
}
"""Why somebody is left alone → Chinese, English."""

STAGES = {"cold": ("冷", "Cold"), "cool": ("凉", "Cool"), "warm": ("温", "Warm"), "hot": ("热", "Hot")}
"""Stages of temperature → Chinese, English."""
