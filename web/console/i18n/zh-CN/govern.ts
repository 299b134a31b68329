/** Audit, units, staff, settings, and the names of states. */
export default {
  audit: {
    title: '合规审计', hint: '谁、何时、做了什么、为什么、前后值；任何人不能改', at: '时间', actor: '谁', action: '做了什么', subject: '对象', subjectId: '对象编号', reason: '理由', reasonNeeded: '请写明理由，至少 4 个字', module: '模块', window: '时间范围', none: '没有审计记录', request: '请求编号', files: '导出文件', noFiles: '还没有导出', rows: '{{shown}} 行', exportTitle: '导出审计记录', exportHint: '按当前筛选导出 CSV，导出本身也会留痕', exportStarted: '已开始导出，完成后可下载',
    actors: { staff: '员工', customer: '客户', system: '系统', key: '接口密钥', api_key: '接口密钥' },
    modules: { identity: '登录与会话', people: '机构与员工', tenants: '银行参数', approvals: '审批', privacy: '查看明文', customers: '客户', segments: '客群', catalogue: '权益库', supply: '供应商', ledger: '预算与账务', grants: '发放与核销', campaigns: '活动', statements: '结算', audit: '审计' },
    subjects: { staff: '员工', unit: '机构', setting: '参数', change: '变更', customer: '客户', segment: '客群', audience: '快照', campaign: '活动', sku: '规格', item: '商品', brand: '品牌', supplier: '供应商', statement: '结算单', session: '会话', api_key: '接口密钥', audit_export: '审计导出', budget: '预算', pool: '库存池', grant: '发放' },
    did: {
      identity_sign_in: '登录', identity_refuse_sign_in: '登录被拒', identity_lock: '登录锁定', identity_end_session: '结束会话', identity_enrol: '签发首登码', identity_set_credentials: '设置凭证', identity_complete_enrolment: '完成首次登录', identity_add_key: '新建接口密钥', identity_revoke_key: '作废接口密钥',
      people_add_unit: '新增机构', people_add_staff: '新增员工', people_change_staff: '修改员工', people_disable_staff: '停用员工', people_enable_staff: '恢复员工', tenants_set_setting: '修改参数', privacy_reveal: '查看明文', audit_export: '导出审计',
      approvals_submit: '提交变更', approvals_approve: '审批通过', approvals_return: '退回修改', approvals_reject: '驳回', approvals_apply: '变更生效', approvals_withdraw: '撤回变更', segments_save: '保存客群', segments_freeze: '生成快照',
      campaigns_amend: '申请变更', campaigns_amended: '变更生效', campaigns_open_release: '放开一步', campaigns_hold_release: '自动停住下一步', campaigns_open_entries: '新增入口', campaigns_close_entry: '关闭入口', campaigns_keep_template: '存为模板', campaigns_pause_all: '一键暂停', campaigns_stop_all: '一键停止',
      campaigns_create: '新建活动', campaigns_change: '修改活动', campaigns_submit: '提交活动', campaigns_approve: '活动获批', campaigns_return: '活动退回', campaigns_start: '活动开始', campaigns_pause: '暂停活动', campaigns_resume: '恢复活动', campaigns_stop: '停止活动', campaigns_end: '活动结束',
      catalogue_brand_added: '新增品牌', catalogue_brand_changed: '修改品牌', catalogue_brand_retired: '停用品牌', catalogue_item_added: '新增商品', catalogue_item_changed: '修改商品', catalogue_item_retired: '停用商品', catalogue_sku_added: '新增规格', catalogue_sku_drafted: '修改规格草稿', catalogue_sku_changed: '修改规格', catalogue_sku_published: '发布规格', catalogue_sku_retired: '停用规格',
      supply_supplier_added: '新增供应商', supply_supplier_changed: '修改供应商', supply_supplier_retired: '停用供应商', supply_added: '新增供应商', supply_changed: '修改供应商', supply_retired: '停用供应商', statements_create: '生成结算单', statements_confirm: '确认结算单', statements_reverse: '冲销结算单',
    },
  },
  units: { count: '{{count}} 个机构', add: '新增机构', name: '机构', nameEn: '英文名', kind: '层级', code: '机构代码', parent: '上级机构', kinds: { head_office: '总行', branch: '分行', sub_branch: '支行' } },
  staff: { add: '新增员工', edit: '编辑员工', search: '搜索姓名或登录名', name: '姓名', post: '岗位', login: '登录名', unit: '所属机构', roles: '角色', rolesHint: '系统、安全、审计管理员互斥，且不得兼任业务角色（D2）', scope: '数据范围', scopeHint: '含下级机构；留空为所属机构', added: '加入日期', status: '状态', none: '还没有员工', disable: '停用', enable: '恢复', enrol: '首登码', enrolHint: '交给本人，在登录页“首次登录”使用；只显示这一次。', enrolExpires: '{{time}} 前有效' },
  enrol: { link: '首次登录', title: '首次登录', hint: '用安全管理员给您的首登码设置密码和动态口令。', code: '首登码', password: '新密码', passwordHint: '至少 10 个字符，不含登录名', again: '再次输入密码', differs: '两次输入不一致', submit: '设置', scan: '用验证器扫描，或手动输入密钥', secret: '密钥', secretHint: '密钥只显示这一次；加入验证器后再登录。', toSignIn: '去登录' },
  setting: {
    up: '上移', down: '下移', hints: { h5_mark: '24 × 24 网格上的一条 SVG 路径，单色；留空显示行名首字' },
    choices: { sea: '海岸', hills: '山丘', plain: '素色', yes: '是', no: '否' },
    fields: { start: '开始', end: '结束', default: '默认阶段', kinds: '按类型', key: '代码', name: '名称', name_en: '英文名', role: '角色', hours: '时限（小时）' },
    hint: '每项参数有默认值和上下限；合规规则设定的下限不能突破', name: '参数', value: '当前值', default: '默认值', limits: '允许范围', rule: '规则',
    units: { none: '', seconds: '秒', minutes: '分钟', hours: '小时', days: '天', months: '月', percent: '%' },
    names: {
      campaigns_alarm_percent: '分级放量告警阈值', contact_policy_messages_per_week: '每人每周消息上限', contact_policy_messages_per_day: '每人每天消息上限', entry_points_public_url: '对外网址', reconciliation_fetch_hour: '取对账文件的时刻', fulfilment_breaker_failures: '供应商熔断：连续失败次数', fulfilment_breaker_seconds: '供应商熔断：暂停时长', supply_pool_alarm_percent: '库存预警线', supply_unknown_alarm_hours: '订单未知状态预警',
      h5_mark: '手机页标志', h5_scene: '手机页场景',
      approvals_stages: '审批阶段', audit_log_months: '日志保存', consent_reask_days: '拒绝后再询问间隔', contact_policy_quiet_hours: '静默时段', customer_session_minutes: '客户会话时长', customer_session_ticket_seconds: '客户票据有效期', experiments_control_percent: '默认对照组', privacy_proof_minutes: '动态口令有效期（查看明文）', privacy_reveal_seconds: '明文显示时长', privacy_reveals_per_hour: '每小时查看明文上限',
      session_enrolment_hours: '首登码有效期', session_failures_max: '登录失败上限', session_idle_minutes: '闲置退出', session_lifetime_hours: '会话最长', session_lock_minutes: '锁定时长',
    },
  },
  status: {
    bundle: { draft: '草稿', published: '已发布', retired: '已停用' }, batch: { queued: '排队', reading: '读取中', done: '完成', failed: '失败', void: '已召回' }, merchant: { active: '在用', retired: '已停用' }, shipment: { sent: '在途', signed: '已签收' }, outletDifference: { open: '待复核', confirmed: '已入账', rejected: '不认可' },
    message: { queued: '待发送', sending: '提交中', sent: '已提交', unknown: '待确认', delivered: '已送达', failed: '失败', withheld: '未发送' },
    supplierOrder: { created: '待发出', sent: '已发出', accepted: '已受理', unknown: '结果未知', success: '成功', failed: '失败', refunded: '已退回' }, prepayment: { submitted: '待审批', paid: '已入账', refused: '未通过' }, difference: { open: '待处理', proposed: '待复核', closed: '已了结' }, breaker: { closed: '正常', half_open: '试探中', open: '已熔断' },
    job: { queued: '排队中', running: '进行中', done: '已完成', succeeded: '已完成', failed: '失败', cancelled: '已取消', cancelling: '取消中' },
    campaign: { draft: '草稿', submitted: '待复核', approved: '待上线', running: '进行中', paused: '已暂停', ended: '已结束', stopped: '已停止' },
    change: { pending: '待复核', approved: '待生效', applied: '已生效', rejected: '已驳回', returned: '已退回', withdrawn: '已撤回' },
    grant: { reserved: '待领取', issued: '已发出', fulfilling: '交付中', fulfilled: '可使用', used: '已核销', failed: '失败', expired: '已过期', revoked: '已收回', returned: '已退回' },
    customer: { active: '正常', closed: '已销户', erased: '已删除' }, import: { queued: '排队中', running: '进行中', done: '已完成', refused: '已拒收', cancelled: '已取消' }, sku: { draft: '草稿', published: '已发布', retired: '已停用' }, brand: { active: '在用', retired: '已停用' }, staff: { active: '在用', disabled: '已停用' }, statement: { draft: '待确认', confirmed: '已确认', reversed: '已冲销' },
  },
}
