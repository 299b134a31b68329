/** 推荐有礼 */
export default {
  referral: {
    meta: '奖励被邀请人真实完成的行为，分享本身不奖励', new: '新建推荐有礼', newMeta: '提交后由另一人审批，生效后不能修改，只能暂停或停止',
    name: '名称', days: '{{opens}} – {{closes}}', by: '{{who}} 提交', waits: '等待另一人审批。', look: '查看审批',
    none: '还没有推荐有礼', noneHint: '设定被邀请人要完成的行为和双方权益，审批后客户即可邀请。',
    states: { submitted: '待审批', live: '进行中', paused: '已暂停', stopped: '已停止', refused: '未获批准', bound: '已接受', qualified: '观察期', rewarded: '已发放', lapsed: '未成功', blocked: '已拦截', clawed_back: '已收回' },
    inviters: '邀请人', inviter: '邀请人', invitee: '被邀请人', accepted: '接受邀请', qualified: '完成任务', rewarded: '已发放', blocked: '已拦截', people: '人',
    cost: '权益成本', value: '带来金额', valueHint: '被邀请人任务期内的交易金额', perHead: '每位成功 {{amount}}', ofAccepted: '占接受的 {{share}}',
    funnel: '从接受到发放', aside: '进行中 {{under}} · 观察期 {{held}} · 未成功 {{lapsed}} · 已拦截 {{blocked}} · 已收回 {{back}}',
    gives: '双方得到', givesHint: '券、积分等即得权益；邀请人、被邀请人至少一方', step: '邀满 {{count}} 人', left: '剩 {{left}} / {{stock}}',
    act: '被邀请人须完成', actDays: '完成期限', holdDays: '观察期', freshDays: '新客口径', dayCount: '{{count}} 天', freshValue: '接受前 {{count}} 天没有做过', freshNone: '不限', freshHint: '天内做过的不算新客，0 为不限',
    limits: '上限', limitsValue: '每位邀请人 {{person}} 份；24 小时内第 {{day}} 位起延后核对',
    tree: '邀请关系', treeHint: '点击展开下一级；姓名已脱敏', treeMore: '只显示最早的 2,000 次邀请', noTree: '还没有人接受邀请', first: '起点', all: '显示全部 {{count}} 位', brought: '邀请 {{count}} 人，发放 {{rewarded}}', costAndValue: '成本 {{cost}} · 带来 {{value}}', staffMember: '员工 {{name}}',
    bonds: '邀请明细', why: '延后、拦截与未成功的原因：{{why}}', reason: '原因', boundAt: '接受时间', dueAt: '预计发放', inApproval: '审批中', noBonds: '没有这样的邀请', noBondsHint: '接受邀请后会出现在这里。',
    reasons: { suppressed: '在禁止营销名单', ring: '已确认的团伙成员', crowded_device: '多人共用设备', shared_device: '双方共用设备', velocity: '短时间邀请较多', burst: '短时间邀请过多', same_person: '同一自然人', not_new: '此前已完成过', too_late: '期限内未完成', undone: '行为已撤销', nothing_given: '权益无法发放' },
    verbs: { release: '解除拦截', claw_back: '收回权益' }, verbHints: { release: '解除后按规则发放双方权益，需另一人批准。', claw_back: '收回双方未使用的权益和积分；已使用的券不收回。需另一人批准。' }, heldFor: '拦截原因：{{why}}。', asked: '已提交，等待另一人审批', story: '邀请经过',
    moves: { pause: '暂停', resume: '恢复', stop: '停止' }, moveHints: { pause: '暂停期间不能接受邀请，也不发放；已接受的保留。', resume: '恢复后继续接受邀请和发放。', stop: '停止后不再接受邀请，不可恢复；已接受的仍按规则发放。' },
    attribution: '机构与员工归属', attributionHint: '机构含下级合计；员工按本人邀请码，其余为本机构客户', whose: '归属', itsCustomers: '本机构客户', elsewhere: '其他机构（合计）',
    kind: '形式', kinds: { invite: '推荐有礼', help: '好友助力' }, kindHints: { invite: '每成功邀请一位，双方得权益', help: '集满几位好友助力，发起人得权益；每位好友真实完成后可得自己的权益' }, helpHours: '助力时长（小时）', helpValue: '发起后 {{hours}} 小时内', helper: '助力好友', helperGets: '助力好友得',
    ownCode: '我的邀请码', ownCodeHint: '客户经此链接接受邀请后，计入您和您的机构；员工本人不得权益。',
    what: '被邀请人做什么', whatHint: '不奖励分享；存款、理财、基金、保险不能作为条件', window: '起止日期', event: '须完成的行为', times: '至少几次', actLabel: '页面上的说法', actLabelHint: '例如：完成首笔支付', actLabelEn: '页面上的说法（英文）', personLimit: '每位邀请人最多得', dayLimit: '24 小时邀请上限', dayLimitHint: '超过的延后核对，超过两倍的拦截',
    nothing: '不发', stock: '份数', validDays: '有效天数', inviterGets: '邀请人得', inviteeGets: '被邀请人得', rungAt: '邀满人数', rungGets: '另得', addRung: '加一档阶梯',
    words: '页面文字', title: '标题', titleEn: '标题（英文）', rules: '活动规则', rulesEn: '活动规则（英文）', proposed: '已提交，等待另一人审批',
  },
  myCodes: {
    title: '我的邀请', none: '暂无可参与的推荐活动', noneHint: '您所在机构的推荐活动进行时会出现在这里。', open: '领取我的邀请码', copy: '复制链接', copied: '链接已复制', save: '保存海报', poster: '{{name}}海报，含您的二维码', enlarge: '放大海报', who: '谁来了', whoCame: '{{name}}：谁来了', notYours: '不归您管户的客户', nobody: '还没有人接受邀请', nobodyHint: '出示海报，或把链接发给客户。',
  },
}
