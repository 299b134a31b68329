"""What banks usually call the columns of their customer files, and the attribute each becomes."""

import msgspec


class Head(msgspec.Struct, frozen=True):
    """The name and the English label an attribute gets."""

    name: str
    label_en: str


_HEADS = """
gender              Gender                  性别 客户性别
birthday            Birthday                生日 出生日期 出生年月日
age                 Age                     年龄
marital_status      Marital status          婚姻状况 婚姻
education           Education               学历 教育程度 文化程度
job                 Occupation              职业 岗位
employer            Employer                工作单位 单位名称
industry            Industry                行业 所属行业
income_fen          Income, fen             年收入(分) 月收入(分)
income              Income                  收入 年收入 月收入
city                City                    城市 所在城市 地市
province            Province                省份 所在省份
district            District                区县 区域 所在区域
region              Region                  行政区划 行政区划代码 地区代码 居住地区代码
opened_on           Account opened          开户日 开户日期 开户时间 建档日期
closed_on           Account closed          销户日 销户日期
branch              Branch                  开户行 分行 支行 所属支行
manager             Relationship manager    客户经理 管户经理 管户人
customer_level      Customer level          客户等级 客户级别 星级 客户星级
risk_level          Risk level              风险等级 风险评级 风险承受能力
segment_name        Segment                 客群 客户分层 客户类型 客户类别
has_card            Has a card              是否持卡 持卡标志
has_app             Has the app             是否开通手机银行 手机银行标志 手机银行
has_payroll         Salary paid in          是否代发 代发标志 代发客户
has_mortgage        Has a mortgage          是否房贷 房贷标志
has_credit_card     Has a credit card       是否信用卡 信用卡标志
products            Products held           持有产品数 产品数量 产品数
last_login_on       Last login              最近登录 最近登录日 最近登录日期 最后登录时间
logins              Logins                  登录次数
logins_30d          Logins, 30 days         近30天登录次数 30天登录次数
payments            Payments                支付笔数 交易笔数 交易次数
payment_amount      Amount paid             支付金额 交易金额 消费金额
balance             Balance                 余额 账户余额 存款余额 活期余额
deposit             Deposit                 存款 定期存款 存款金额
monthly_average     Monthly average         月日均 月日均余额 存款月日均
yearly_average      Yearly average          年日均 年日均余额 存款年日均
aum                 Assets                  资产 总资产 金融资产 管理资产 aum
wealth              Wealth products         理财 理财余额 理财金额
loan                Loan                    贷款 贷款余额 贷款金额
points              Points                  积分 积分余额
channel             Channel                 渠道 获客渠道 来源渠道
email               Email                   邮箱 电子邮箱
nationality         Nationality             国籍
ethnicity           Ethnicity               民族
"""
HEADS = {
    head: Head(name, label.strip())
    for name, label, heads in ((line[:20].strip(), line[20:44], line[44:]) for line in _HEADS.strip().splitlines())
    for head in heads.split()
}
