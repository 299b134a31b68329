/** 柜面与门店核销。 */
export default {
  counter: {
    storeTitle: '门店核销', hint: '扫码或输入核销码，回车查询，再次回车核销', scan: '核销', code: '核销码', placeholder: '扫描二维码，或输入 12 位数字', look: '查询', sound: '提示音',
    ready: '等待扫码', readyHint: '无论光标在哪里，扫码枪都能扫入', looking: '正在查询…', refused: '不能核销', done: '核销成功', again: '这个码刚刚已核销，只计一次。', next: '下一个',
    customer: '客户', benefit: '权益', until: '有效至 {{time}}', redeem: '确认核销', onHand: '本网点还有 {{shown}} 件', codeLeft: '核销码还有 {{count}} 秒有效', codeOver: '核销码可能已更换，如被拒绝，请再扫一次客户手机上的码。',
    acceptedAt: '可在这里使用：', acceptedOn: '可用时间：周{{days}}，{{from}}–{{until}}', acceptedDaily: '可用时间：每天 {{from}}–{{until}}', counters: '本行网点', morePlaces: '等 {{count}} 家门店', waiting: '{{count}} 个码已扫到，依次处理', heard: '已扫到，关闭窗口后处理。',
    offline: '网络已断开', offlineHint: '扫到的码会保留，联网后自动继续；重试不会重复核销。', unanswered: '暂时没有回应，正在重试', keptHint: '这个码已保留，连上后自动查询。', unsureHint: '正在确认上一笔结果，请不要让客户离开；不会重复核销。',
    camera: { open: '摄像头扫码', word: '摄像头', close: '关闭摄像头', lens: '摄像头画面', insecure: '摄像头只能在安全连接（https）下使用。请用扫码枪，或输入 12 位数字。', noReader: '扫码组件没有加载成功，请检查网络后重试。也可以用扫码枪，或输入 12 位数字。', noCamera: '没有找到可用的摄像头。请用扫码枪，或输入 12 位数字。', denied: '摄像头未获允许。请在浏览器地址栏旁允许使用，或输入 12 位数字。' },
    whichStore: '您现在在哪家门店？', whichStoreHint: '本设备会记住，随时可以切换。', change: '切换', noStore: '还没有绑定门店', noStoreHint: '请联系银行，把您绑定到所在门店。', closed: '{{name}}已停用', closedHint: '停用的门店不再核销。如有疑问，请联系银行。',
    today: '核销明细', day: '日期', whose: '范围', who: { mine: '我的', unit: '本机构', store: '本店' }, search: '搜索权益，或完整客户号', searchBenefit: '搜索权益', standing: { done: '已核销', undone: '已撤销' }, value: '面值', teller: '经办', byBenefit: '按权益合计', all: '全部 {{count}} 项', fewer: '收起',
    noneToday: '这一天还没有核销', noneTodayHint: '扫码核销后，会出现在这里。', undone: '已撤销', undo: '撤销', undoReason: '撤销理由', before: '{{time}} 前可撤', undoUntil: '{{time}} 前可以撤销。', undoHint: '只能由经办人或机构主管在十分钟内撤销；撤销后客户可以再次使用。',
    whyNot: { undone: '已撤销', too_late: '已过撤销时间', not_yours: '他人经办' }, whyNotHint: { undone: '', too_late: '核销后十分钟内可以撤销', not_yours: '由经办人或机构主管撤销' },
  },
  clerk: {
    title: '店员', none: '还没有店员', noneHint: '绑定后，店员即可在本店核销。', add: '绑定店员', search: '搜索姓名或登录名', bind: '绑定', bindWho: '绑定{{name}}', unbind: '解绑', unbindWho: '解绑{{name}}', bound: '已绑定{{name}}', unbound: '已解绑{{name}}', back: '撤回', since: '{{day}} 起', inStores: '已在 {{count}} 家门店', noCandidates: '没有可绑定的员工：须在用，且只有“商户店员”角色。', ofStore: '{{name}}的店员，{{count}} 人',
  },
}
