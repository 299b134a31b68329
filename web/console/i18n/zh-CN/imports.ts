/** 导入从哪里来、带来了什么，以及每日数据。 */
export default {
  source: {
    from: '数据来源', kinds: { file: '文件', fixed: '定长文件', database: '数据库' }, what: '每行是什么', customers: '客户',
    accept: 'CSV、Excel（.xlsx）或 Parquet', acceptHint: 'CSV 可为 .gz；首行（或工作表首行）写列名', fixedChoose: '拖入定长文件', fixedHint: 'GBK、GB18030 或 UTF-8；每行与布局等长',
    takes: '可以导入什么', takesHint: '同样两行，各种来源的写法', samples: { csv: 'CSV', excel: 'Excel', parquet: 'Parquet', fixed: '定长', database: '数据库' },
    says: { csv: '逗号、分号、制表符或竖线；UTF-8、GB18030 或 UTF-16；可用 gzip', excel: '一张工作表，首行是列名；日期和数字按单元格保存的值读取', parquet: '普通列，类型不限；大文件最快', fixed: '宽度按字节计：一个汉字在 GBK 占 2、UTF-8 占 3', database: '对 PostgreSQL 的一条 SELECT，只读；结果保存一次，试跑与正式导入看到同样的行' },
    layout: '布局', layoutHint: '每行一列：列名,字节宽度', layoutFrom: '从文件读取', layoutNeeded: '请先描述各列', lineBytes: '每行 {{count}} 字节',
    sheet: '工作表', format: '格式', skip: '跳过行数',
    database: '数据库', noDatabase: '还没有可用的数据库，请在“导入数据库”中申请，由另一人复核后可用。', query: '查询', queryHint: '一条 SELECT，每列写明列名；在只读事务中执行。', ask: '执行查询', asking: '已取得 {{rows}} 行', asked: '结果已取得：{{rows}} 行', refused: '查询被拒绝', stop: '停止',
    field: '字段', fieldNeeded: '请为 {{fields}} 指定列',
    warnings: '请留意', cells: '{{shown}} 个单元格', warning: { zeros_lost: '这些单元格是数字，前导零已丢失。请把该列设为文本后重新填写。' },
  },
  brought: {
    title: '逐行查看', hint: '已脱敏，限本人数据范围', tabs: { added: '新增', changed: '更新' }, before: '之前的值', none: { added: '没有新增客户', changed: '没有更新客户' }, more: '更多', nothing: '无',
    undo: '撤销导入', undoAsk: '每行恢复导入前的值，涉及 {{rows}} 行。此后又有变更的行保持不变。本次新增的客户会被清空，直到再有文件带来该客户号。', undoDo: '撤销', undone: '已撤销 {{undone}} 行；{{kept}} 行因此后有变更而保留。', consents: '登记的授权已撤回 {{undone}} 项；{{kept}} 项此后另有表示，保持不变。', undoAskRows: '每行恢复导入前的内容，本次新增的行移除（变更记录保留），涉及 {{rows}} 行。此后又有变更的行保持不变。', undoAskPostings: '这 {{rows}} 笔交易将从时间线、客群和指标中移除，同一流水号可以重新导入。', undoing: '正在撤销，已处理 {{undone}} 行。可以离开本页，任务会继续。', older: '较旧', olderHint: '已有更新日期的数据',
  },
  feed: {
    title: '每日数据', hint: '业务系统每个营业日送来的数据：文件附控制文件，数据库附计数查询', declare: '登记每日数据', change: '修改', none: '还没有每日数据', noneHint: '登记一次：文件放在哪里，或查询哪个数据库，怎么读。迟到、错误、缺失的日子都会显示在这里。', imports: '导入记录',
    name: '名称', nameHint: '例如：核心客户', by: '到达方式', byFolder: '放入文件夹', byUpload: '人工上传', byDatabase: '查询数据库', queryHint: '取一个营业日的一条 SELECT；{date-} 代表 2026-03-31，{date} 代表 20260331', count: '计数查询', countHint: '第一列是当日行数，大于 0 即视为到达；其后各列作为标记，行数或标记变化会重新取数。每 5 分钟询问一次。', asking: '正在询问数据库', askedAt: '最近询问 {{at}}。', notAsked: '尚未询问。', trouble: '数据库没有答复：', folder: '文件夹', folderHint: '位于本行的每日数据目录之下，例如 core', pattern: '数据文件', control: '控制文件', patternHint: '{date} 代表 20260331，{date-} 代表 2026-03-31', mapping: '已存映射', mappingHint: '决定怎么读文件：先导入一次并保存列映射', noMapping: '请先在一次导入中保存列映射', days: '营业日', due: '迟到时限', dueHint: '次日几点（北京时间）', begins: '首个营业日', weekdays: { 1: '一', 2: '二', 3: '三', 4: '四', 5: '五', 6: '六', 7: '日' },
    place: '文件夹', controlSays: '控制文件最后送达，写明行数与校验和，例如：rows=1200 与 sha256=…', declaredBy: '{{name}} 登记', run: '立即检查', looking: '正在检查文件夹', pause: '暂停', resume: '恢复', end: '结束', upload: '上传一天', ended: '不再接收文件，已导入的数据保留。',
    calendar: '最近五周', all: '全部日期', day: '营业日', arrived: '到达', expected: '应有', rows: '行数', state: '状态', attempt: '第 {{count}} 次', late: '迟到', lateBy: '迟到', nothing: '还没有数据', openImport: '查看导入',
    rerun: '重跑', cancel: '取消', excuse: '当日无文件', excuseHint: '如节假日，告警随之解除', done: '新增 {{added}}，更新 {{changed}}', latest: '最近一天', good: '正常', open: '待处理', figures: { done: '完成', late: '迟到', failed: '失败', missing: '缺失' },
    file: '文件', rowsSay: '行数', sum: 'SHA-256 或 MD5', sumHint: '64 位或 32 位十六进制，由发送方提供', sumUnfit: '应为 64 位或 32 位十六进制', chosen: '已选：{{name}}', choose: '选择文件', needed: '必填',
    legend: { done: '完成', late: '迟到完成', failed: '失败', missing: '缺失', excused: '无文件', none: '无需' }, dayOf: '{{day}}：{{state}}',
  },
  database: {
    title: '导入数据库', hint: '仅 PostgreSQL，只读；地址由实例运维逐一放行，接入由另一人复核', add: '申请接入', change: '修改', remove: '移除', removeAsk: '口令随之删除；已完成的导入不受影响。', none: '还没有数据库', noneHint: '复核通过后，可对它执行一条 SELECT 并导入结果，也可每日自动取数。', name: '名称', address: '地址', addressHint: '主机:端口/库名，例如 core-ro.bank:5432/core', user: '用户', userHint: '只授予所需表的只读权限', password: '口令', passwordHint: '加密保存，不再显示', passwordKeep: '留空则保持不变', encrypted: 'TLS', encryptedHint: '仅本机可不加密', changed: '修改', ask: '提交复核', asked: '已提交复核，由另一人决定', waits: '待复核', changeWaits: '修改待复核', tls: 'TLS', plain: '本机',
  },
}
