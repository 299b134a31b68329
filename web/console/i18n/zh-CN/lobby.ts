/** The lobby of a branch, and cards that are given. */
export default {
  lobby: {
    title: '网点到访', meta: '请客户先扫网点签到码，再扫您的二维码；二维码每 20 秒更换，一分钟内有效', whose: '谁的二维码', of: { rm: '我的二维码', branch: '网点签到码' },
    png: '图片（PNG），供不能显示矢量图的屏幕',
    says: { rm: '客户签到后扫这个码，参与到店活动；结果会出现在下面', branch: '客户到店先扫这个码签到' }, alt: { rm: '我在{{unit}}的二维码', branch: '{{unit}}的签到码' }, left: '{{count}} 秒后更换', closed: '不在营业时间', hours: '每天 {{opens}} 时至 {{closes}} 时显示二维码，可在参数里调整。',
    opens: '能打开的活动', opensHint: '每次到访每个活动一组机会，按自然人', noPlays: '现在没有到店活动', noPlaysHint: { rm: '运营在玩法里选“到店参与”并上线后，会显示在这里。', branch: '签到照常；用网点码参与的活动上线后，会显示在这里。' }, by: { rm: '扫客户经理的码', branch: '签到即可参与' }, chancesEach: '每次到访 {{count}} 次机会',
    received: '今天由我接待', visitor: '客户', notYours: '不是您管的客户', checkedIn: '签到时间', played: '参与', drew: '抽 {{draws}}/{{chances}} 次', nothing: '没有可参与的活动', prizes: '抽中', none: '今天还没有接待', noneHint: '客户扫您的二维码后，会显示在这里。',
    option: '到店参与', optionHint: '选后机会只来自到访，不再每日发放', options: { no: '不限到店', rm: '到店，扫客户经理的码', branch: '到店，扫网点签到码' }, perVisit: '每次到访机会', perVisitHint: '每人每网点每天算一次到访，当天有效',
    byBranch: '到店情况', byBranchHint: '按网点与接待人', unit: '网点', rm: '接待人', nobody: '未由客户经理接待', visits: '到访', people: '人数', playedShare: '参与率', noVisits: '还没有到访', noVisitsHint: '客户在网点扫码后，会按网点与接待人统计在这里。',
  },
  visits: {
    meta: '客户在手机上预约的到访；到店扫码签到后在这里记接待', toLobby: '打开签到码', search: '按姓名或客户号查找', due: '预约时间', since: '{{time}} 签到', by: '{{name}} 接待', all: '全部到访', serve: '记为已接待', done: '已记录接待，客户可领到店礼', days: '预约的日期', from: '预约自', to: '至', none: '两周内没有预约', noneHint: '运营上线“线上到网点”场景后，客户的预约会出现在这里。', expected: '预约到访',
  },
  review: {
    hold: '记录检视', title: '记录与 {{name}} 的检视', topic: '谈了什么', channel: '在哪里谈的', note: '备注', noteHint: '加密保存，只有能查看该客户的人可见；不写证件号、手机号', done: '已记录检视，客户可领相应权益', once: '每位客户每天记一次；检视有奖的场景据此发放，与购买无关',
    topics: { assets: '资产配置', maturity: '到期安排', protection: '保障', credit: '用款安排', other: '其他' }, channels: { branch: '网点', phone: '电话', video: '视频', at_customer: '上门' },
  },
  giving: { on: '允许送卡与要卡', hint: '双方都是自然人，对方同意才算；收到的卡不能再送，转赠不产生奖励（M3）', gives: '每天最多送', takes: '每天最多收', all: '活动期间最多收', hours: '等待（小时）' },
}
