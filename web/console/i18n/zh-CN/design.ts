export default {
  design: {
    claimDays: '领奖期限（天）', claimDaysHint: '需要寄送的奖品，中奖后多少天内填写收货信息；逾期回到奖池',
    view: '编辑内容', views: { content: '内容与奖品', page: '页面设计', versions: '版本' }, undo: '撤销', redo: '重做',
    templates: '模板', templatesHint: '十一个时节，文字、配色与画面一并带入，之后都能改', replace: '换成这个模板？', replaceHint: '标题、副标题、规则、配色与模块会被替换；可以撤销。', replaceYes: '替换',
    picture: '头图', addPicture: '上传图片', otherPicture: '换一张', dropPicture: '改用时节画面', pictureHint: 'PNG、JPEG 或 WebP，不超过 5 MB，至少 390 × 210；裁成 780 × 420 并重新编码。', pictureType: '请选择 PNG、JPEG 或 WebP 图片。', pictureSize: '图片不能超过 5 MB。',
    theme: '配色', themeHint: '保存时核对对比度：文字 4.5∶1，玩法底色 7∶1', bankColours: '用本行配色', ownColours: '这个活动自己的配色', hexOf: '{{name}} 色值', allColours: '全部九个颜色', fewColours: '只看常用的',
    colours: { brand: '主色', brand_2: '深主色（顶部、按下）', on_brand: '主色上的文字', brand_tint: '浅底', brand_line: '细线', play_a: '玩法底色一', play_b: '玩法底色二', play_c: '玩法底色三', foam: '玩法留白' },
    unreadable: '对比度 {{has}}，需要 {{needs}}', paleHint: '有颜色看不清，请先调整',
    order: '页面模块', orderHint: '拖动排序，或聚焦手柄后按上下方向键', grip: '{{name}}，第 {{place}} 项，共 {{count}} 项，按上下方向键移动', movedTo: '{{name}}移到第 {{place}} 项，共 {{count}} 项', drop: '移除{{name}}', stays: '必备', staysHint: '玩法、奖品概率与主办方须在页面上（规则 L3）',
    heading: '中文标题（可不填）', headingEn: '英文标题（可不填）', headingOf: '{{name}}的中文标题', headingEnOf: '{{name}}的英文标题',
    blocks: { hero: '头图', board: '玩法', chances: '我的机会', prizes: '奖品与概率', winners: '最近抽中', missions: '更多活动', rules: '规则全文', footer: '时间与主办' },
    says: { hero: '标题、副标题与画面', board: '剩余次数与转盘等', chances: '怎样得到机会、自己的记录', prizes: '公示表与验证入口', winners: '真实中奖，姓名打码', missions: '本行正在进行的其他玩法', rules: '也总在规则页', footer: '活动时间、主办银行' },
    previewUntil: '预览到 {{time}} 有效，客户看不到草稿', ownPhone: '在手机上看',
    versions: '版本', versionsHint: '每次保存留一版：谁改的、谁批的', version: '第 {{number}} 版', madeBy: '{{name}} · {{time}}', approvedBy: '审批：{{names}}', current: '当前', take: '取用这一版',
  },
  amend: {
    begin: '变更', title: '变更进行中的玩法', hint: '只能作有利于客户的变更：延长、追加、提高中奖概率、放宽上限、增加奖品。两人审批后生效，变更记录公示在规则页；已抽的结果不变。',
    closes: '结束时间（只能推后）', more: '追加库存', nothing: '未中奖，概率自动让出，现为 {{percent}}', told: '公示说明', zh: '中文说明', en: '英文说明', same: '还没有变更', sayIt: '请写公示说明', sent: '已提交审批',
    list: '变更记录', listHint: '生效的也公示在规则页', states: { submitted: '待审批', applied: '已生效', refused: '未通过' },
    problems: { stands: '这项已公示，不能改', shorter: '结束时间只能推后', fewer: '每日机会只能增加', tighter: '上限只能放宽', guarantee: '保底只能提前', dropped: '已公示的奖品不能移除', empty_line: '新增的须是奖品', lower: '中奖概率只能提高', nothing_up: '未中奖的概率不能提高', stock: '追加库存须为一份以上', nothing: '没有任何变更' },
  },
}
