/** Events: sources, names and properties, quarantine, the latest ones. */
export default {
  events: {
    name: '事件', amount: '金额', entryCode: '入口', everySource: '全部来源', everyName: '全部事件', noSource: '文件', lastDay: '近 24 小时', day: '24 小时', month: '30 天', monthSum: '30 天 {{shown}}', last: '最近一条', hours: '近 24 小时，每小时一柱', hoursSaid: '近 24 小时收到 {{shown}} 条',
    types: { text: '文本', integer: '整数', decimal: '小数', boolean: '是/否', date: '日期', instant: '时刻' },
    classes: { C1: 'C1 一般', C2: 'C2 个人' },
    kinds: { text: '文本', integer: '整数', decimal: '小数', boolean: '是/否', list: '列表', object: '对象', null: '空' },
    useKinds: { segment: '客群', metric: '指标' },
    reasons: { unknown_name: '名称未登记', unknown_property: '属性未登记', unfit_property: '类型不符', missing_property: '缺少属性', unfit_trait: '客户属性不符', unfit_time: '时间不符' },
    mends: { unknown_name: '登记这个名称，或把它设为已有事件的别名，再重新接收。', unknown_property: '给 {{name}} 登记属性 {{property}}，再重新接收。', unfit_property: '{{property}} 的值与登记的类型不符：类型不能改，请来源方更正，或另加一个属性。', missing_property: '{{name}} 必须带 {{property}}：请来源方补上，或改为选填后重新接收。', unfit_trait: '{{property}} 的值不符合它对应的客户属性：更正对应关系，或请来源方更正。', unfit_time: '时间在未来，或早于十年：请来源方校准时钟。' },
    latest: { hint: '近 24 小时，最新在上；C2 属性以 **** 显示', live: '实时', still: '已暂停', pause: '暂停', go: '继续', waiting: '等待认人', waitingHint: '还不知道是哪位客户；识别后自动归到客户名下，最多等 90 天', known: '客户', none: '近 24 小时没有事件', noneHint: '给手机银行、官网或业务系统开一个来源，发出第一条事件，几秒内就能在这里看到。', noMatch: '没有符合条件的事件', toSources: '去开来源' },
    source: {
      hint: '每个发送事件的系统一把写入密钥', add: '新增来源', addAction: '生成密钥', name: '来源', nameHint: '用大家认得的系统名，例如“手机银行”', search: '来源名称', key: '密钥尾号', made: '{{by}} 于 {{time}} 新增', former: '旧密钥可用至 {{time}}', states: { open: '使用中', revoked: '已吊销' }, none: '还没有事件来源', noneHint: '来源就是会发送事件的系统：手机银行、官网、信用卡系统。新增一个，把密钥交给它的开发者。',
      rotate: '更换密钥', rotateHint: '生成新密钥；旧密钥还能用 24 小时，让发送方从容切换，不丢一条。', revoke: '吊销', revokeHint: '这个来源的全部密钥立即失效，之后发来的事件一律不收。已收到的事件不受影响。此操作不能撤回。',
      keyOf: '{{name}} 的写入密钥', newKey: '{{name}} 的新密钥', once: '密钥只显示这一次。请现在复制，交给开发者妥善保存；遗失只能更换。', kept: '我已保存', snippet: '示例代码', snippetHint: '用公开的 Segment 客户端即可发送；换成本行真实客户号试一条：', languages: { curl: 'curl', python: 'Python', node: 'Node.js', browser: '网页' }, browserHint: '网页里的密钥任何人都能看到：请为网页单独开一个来源。', copyByHand: '浏览器不允许自动复制，请选中后复制',
    },
    schema: {
      hint: '登记过的名称和属性才会被接收', register: '登记事件', amend: '修改', mend: '补登记', search: '名称、说明或别名', technical: '技术名称', title: '中文名', titleEn: '英文名', aliases: '别名', aliasesHint: '来源方自己的叫法，回车添加', nameHint: '小写英文，用点分隔，例如 coffee.bought', nameUnfit: '小写字母开头，两段以上，用点分隔', properties: '属性', propertyCount: '{{count}} 个属性', property: '属性', propertyUnfit: '字母开头，只含字母、数字和 _', label: '中文显示', labelEn: '英文显示', type: '类型', class: '分级', needed: '必填', addProperty: '加一个属性', deposit: '这是存款类事实（B1）：不能作为领奖条件', depositTag: '存款类 B1', fixed: '已登记的类型和分级不再改变', fixedHint: '登记后类型和分级不再改变。C2 属性先以客户自己的密钥加密再保存，处处显示 ****。', origin: '归属', origins: { own: '本行自有', standard: '标准' }, none: '没有登记的事件', noneHint: '登记一个名称和它的属性，来源就可以发送了。', noProperties: '没有属性', noPropertiesHint: '这个事件只说明发生了什么；需要时再加属性。', always: '每个事件都可以另带 amount_fen（金额，整数分）和 entry_code（入口码）。', uses: '用在哪里', noUses: '还没有客群或指标用到它。', toLatest: '看最新',
    },
    trait: { title: '识别特征 → 客户属性', hint: '按事件时间，最新的为准', add: '加对应关系', trait: '特征', attribute: '客户属性', attributeHint: '分级须相同；不含存款类属性', none: '还没有对应关系', noneHint: '来源用 identify 送来的特征，可以直接更新客户属性；重复或乱序的消息不会改错。', end: '不再用 {{name}} 更新客户属性？', endHint: '已有的属性值保留，今后的特征只记在时光轴上。' },
    quarantine: {
      hint: '不符合登记的消息先放在这里，值保持加密，最多 30 天', causes: '要处理的原因', causesHint: '{{count}} 类', why: '原因', shape: '内容（值已遮盖）', came: '收到', until: '保留至 {{time}}', detail: '说明', again: '重新接收', discard: '丢弃', discardOne: '丢弃一条 {{name}}', discardCause: '丢弃 {{shown}} 条 {{name}}', discardHint: '丢弃后不能找回；理由写入审计。', took: '重新接收了 {{taken}} 条', tookSome: '重新接收了 {{taken}} 条，还有 {{unfit}} 条不符', none: '隔离区是空的', noneHint: '收到的每条消息都符合登记。名称或属性对不上的消息会放在这里，补登记后可以重新接收，一条不丢。',
    },
  },
}
