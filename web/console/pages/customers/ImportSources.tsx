/** What an import takes: one small sample of each source, the same two rows in all of them. */
import { useTranslation } from 'react-i18next'
import { Card } from '@kit/layout'

export const kinds = ['csv', 'excel', 'parquet', 'fixed', 'database'] as const

const table = (
  <table>
    <thead><tr><th /><th>A</th><th>B</th><th>C</th></tr></thead>
    <tbody>
      <tr><th>1</th><td>客户号</td><td>姓名</td><td>开户日</td></tr>
      <tr><th>2</th><td>10001</td><td>张三</td><td>2020-03-31</td></tr>
      <tr><th>3</th><td>10002</td><td>李四</td><td>2021-08-02</td></tr>
    </tbody>
  </table>
)

const samples: Record<(typeof kinds)[number], React.ReactNode> = {
  csv: <pre>{'客户号,姓名,开户日\n10001,张三,2020-03-31\n10002,李四,2021-08-02'}</pre>,
  excel: table,
  parquet: <pre>{'客户号 string\n姓名   string\n开户日 date32'}</pre>,
  fixed: <pre>{'10001张三  20200331\n10002李四  20210802\n└5──┘└6──┘└8─────┘'}</pre>,
  database: <pre>{'SELECT no   AS 客户号,\n       name AS 姓名,\n       opened AS 开户日\n  FROM core.customer'}</pre>,
}

export function Takes() {
  const { t } = useTranslation()
  return (
    <Card title={t('source.takes')} hint={t('source.takesHint')}>
      <ul className="takes">
        {kinds.map((kind) => (
          <li key={kind}>
            <b>{t(`source.samples.${kind}`)}</b>
            <div className="sample" aria-hidden>{samples[kind]}</div>
            <p>{t(`source.says.${kind}`)}</p>
          </li>
        ))}
      </ul>
    </Card>
  )
}
