export default {
  play: {
    meta: '抽奖等玩法：奖品与概率先公示再开始，每一次抽奖都能重放验证', new: '新建玩法', begin: '开始编辑', name: '名称', kind: '玩法', kinds: { wheel: '转盘', grid: '九宫格', scratch: '刮刮卡', egg: '砸金蛋', box: '盲盒', checkin: '签到', mission: '任务', quiz: '答题', steps: '步数挑战', cards: '集卡', rain: '红包雨' },
    window: '活动时间', noWindow: '未设时间', prizes: '奖品', draws: '抽奖次数', created: '创建', state: '状态', none: '还没有玩法', noneHint: '新建一个转盘，设好奖品与概率，提交审批后即可上线。',
    waits: '正在等待两人审批，期间不能再改。', look: '查看审批', verbs: { pause: '暂停', resume: '恢复', end: '结束' }, reason: '原因',
    hints: { pause: '暂停后不能抽奖，客户的机会保留。', resume: '恢复后客户可以继续抽奖。', end: '结束后不能恢复；种子随即公开，任何人可以验证全部抽奖。' },
    phone: '手机页面', proofPage: '打开公示与验证页', rules: '时间、对象与机会', budget: '预算', condition: '参与条件', conditionHint: '只能选作“条件”用的客群；不选则人人可参与', daily: '每日机会', welcome: '首次参与另送', drawsADay: '每人每日上限', zero: '0 为不限', guarantee: '保底', guaranteeHint: '连续未中到第几次必得哪项；人人一样，0 为没有', guaranteeLine: '保底奖品',
    table: '奖品与概率', tableHint: '各项合计 100%；没有权益的一项就是“未中奖”', tableHintDone: '完成即得，不抽奖；各项概率为 0', sum: '概率合计 {{percent}}', addPrize: '添加奖品', fillRest: '余下概率归未中奖', prize: '第 {{number}} 项', dropPrize: '移除第 {{number}} 项', prizeTitle: '奖品名称', prizeTitleEn: '英文名称', odds: '概率', sku: '权益', nothing: '不发权益（未中奖）', pool: '库存池', noPool: '这项权益还没有库存池', perDay: '每日最多', perPerson: '每人最多', fallback: '发完改给',
    texts: '页面文字', textsHint: '发布后规则冻结', title: { zh: '标题', en: '英文标题' }, subtitle: { zh: '副标题', en: '英文副标题' }, text: { zh: '活动规则', en: '英文规则' },
    checks: '检查', checksHint: '保存后由系统核对', checksStale: '有未保存的修改，保存后重新核对', save: '保存', saved: '已保存', submit: '提交审批',
    channels: '渠道与规则', channelsHint: '不选即各渠道都可参与；选了渠道，只在所选渠道展示，并在公共规则之后显示该渠道的规则', channel: { app: '手机银行', wechat: '微信', sms: '短信链接', lobby: '网点大堂' }, channelRules: { zh: '{{channel}}的规则', en: '{{channel}}的英文规则' }, byChannel: '各渠道的链接',
    problems: { channels: '每个渠道选一次，并写明中文规则', lobby: '到店参与的玩法须是抽奖类，且机会只来自到访', way: '请设置这种玩法的内容', way_empty: '请设置完成后得到什么', reward_line: '所选奖励须是奖品表里的一项权益', reward_drawn: '完成即得的奖品不能有概率，也不能作为发完改给或保底', reward_cards: '只有签到能发补签卡', goals: '档位须由低到高', mission_title: '请填写任务名称', milestones: '连签天数不能重复', property: '步数挑战须选步数属性', questions: '题库不能少于每次的题数', needed: '要求答对的题数不能多于每次的题数', question: '每道题须有题目和 2 到 4 个选项', right: '请为每道题选定正确答案', cards_few: '一套至少两张卡', cards_twice: '同一项不能选两次', cards_line: '卡片须是不发权益且有概率的项', never_drawn: '没有抽奖机会时，不能设置每日上限与保底', window: '请设置活动时间', texts: '请填写标题与规则', no_prizes: '请添加奖品', odds_sum: '概率合计须为 100%', odds_none: '没有抽奖机会时，各项概率须为 0', no_chances: '每日机会与首次机会不能都为 0', pool_missing: '每项奖品须选库存池', budget_missing: '请选择预算', nothing_missing: '须有一项“未中奖”', fallback: '每项奖品发完后须能落到“未中奖”', guarantee: '保底的次数与奖品须同时设置' },
    players: '参与人数', won: '中奖', oddsP: '概率检验 p 值', oddsFine: '与公示概率相符', oddsAlarm: '偏离公示概率，请核查', oddsSoon: '每小时检验一次', stockHint: '剩余即库存池实时数量', observed: '实际', pointed: '抽中', given: '发出', stock: '剩余', gone: '已发完',
    days: '每日抽奖', daysHint: '浅色为抽奖，深色为中奖', daySays: '抽奖 {{draws}} 次，中奖 {{won}} 次', most: '最多一天 {{count}} 次',
    proof: '可验证', proofHint: '承诺码先于第一次抽奖公开', verify: '重放全部抽奖', commitment: '承诺码', tableHash: '概率表摘要', seed: '种子', seedSecret: '结束后公开', published: '发布', ended: '结束', agrees: '{{shown}} 次抽奖全部一致，承诺码相符。', disagrees: '有 {{count}} 处不一致。', mismatch: '第 {{number}} 次 {{field}}：记录 {{stored}}，重放 {{replayed}}',
  },
}
