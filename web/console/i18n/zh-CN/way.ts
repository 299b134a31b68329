export default {
  way: {
    titles: { checkin: '签到', mission: '任务', steps: '步数挑战', quiz: '答题', rain: '红包雨', cards: '集卡' },
    hints: { checkin: '每人每天一次，按北京时间 0 点换日；连续天数决定所得', mission: '由事件自动计数；不能以存款或购买理财、基金、保险为条件（B1、B4）', steps: '取来源上报的当日最高步数，只认登记的来源', quiz: '每天一次，限时由服务器计时，答案交卷后才显示', rain: '定时开场，每人每场抽一次，结果由服务器决定，点得快慢不影响', cards: '按公示概率抽卡，集齐一套领取；转发不产生卡片（M3）' },
    line: '奖品', noLine: '不发奖品', noLines: '先在下面的奖品表里加一项概率为 0 的奖品', chances: '抽奖机会', cards: '补签卡', days: '连签每天', daysHint: '连签第几天得什么；最后一天之后从第 1 天重新循环', day: '第 {{number}} 天', addDay: '添加一天', dropDay: '移除第几天',
    milestones: '连签奖励', milestonesHint: '每段连续签到各得一次', milestone: '连签奖励 {{number}}', streak: '满几天', addMilestone: '添加连签奖励', dropMilestone: '移除连签奖励', mending: '补签', cardsAMonth: '每月发补签卡', backDays: '可补最近几天',
    mission: '任务 {{number}}', addMission: '添加任务', dropMission: '移除任务', title: '任务名称', titleEn: '英文名称', text: '说明', textEn: '英文说明', event: '触发事件', eventHint: '保存时按“条件”编译，涉及存款的事件会被拒绝', where: '事件条件', whereHint: '只有满足的事件才计数，如渠道或类别', whereOpen: '条件还没写完', didLately: '近 30 天有 {{shown}} 位客户做过，占 {{share}}', measure: '计什么', measures: { times: '次数', days: '天数', amount: '金额', most: '当日最高值' }, span: '计多久', spans: { whole: '整个活动', day: '每天重新计' },
    undone: '撤销事件', undoneHint: '按同一单号从进度里减去', noUndone: '没有', key: '单号属性', goals: '达成档位', goal: '档位', addGoal: '添加档位', dropGoal: '移除档位', target: '达到', targetYuan: '达到（元）', targetSteps: '达到（步）',
    property: '步数属性', propertyHint: '事件里记录当日步数的整数属性', noProperty: '这个事件没有属性', sources: '认可的来源', sourcesHint: '事件属性 source 的值，回车添加；不填则都认', most: '合理上限', mostHint: '超过视为异常，不计；0 为不限',
    ask: '每次几题', seconds: '限时（秒）', neededRight: '答对几题得奖', quizReward: '答对所得', questions: '题库（{{count}} 题）', question: '题目 {{number}}', addQuestion: '添加题目', dropQuestion: '移除题目', rightOne: '正确答案', option: '选项', optionEn: '英文选项', fields: { zh: '题目', en: '英文题目', why: '解析，交卷后显示', why_en: '英文解析' },
    times: '每天场次', timesHint: '北京时间，如 20:00，回车添加', roundSeconds: '每场多少秒', roundHint: '场内每人抽一次，按下表概率与库存', cardLines: '成套的卡', cardLinesHint: '下表里不发权益、有概率的项', wild: '万能卡', wildHint: '可代替任意一张', sets: '每人最多几套', setReward: '集齐一套所得',
    done: '参与', doneHint: '每天做了什么；按自然人计人数', people: '人数', count: '次数', date: '日期', deed: '事项', cost: '奖品成本', kinds: { checked: '签到', made_up: '补签', milestone: '连签奖励', goal: '领取任务', begun: '开始答题', answered: '交卷', set: '集齐一套' }, allKinds: '全部玩法',
  },
}
