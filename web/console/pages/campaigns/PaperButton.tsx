/** Have a report made and fetch it: one page, or a workbook, in the page's language. */
import { useMutation } from '@tanstack/react-query'
import { App, Button, Dropdown } from 'antd'
import { useTranslation } from 'react-i18next'
import { getPaper, requestPaper, type NewPaper, type Paper } from '@api/effects'
import { fileAddress } from '@api/files'
import { Icon } from '@kit/icons'
import { problemOf } from '@kit/problem'
import { useProblemText } from '@kit/problemText'

const LOOKS = 120
const LOOK_MS = 700

/** The paper once it is made or has failed; one just asked for may be unknown for a moment. */
async function madePaper(campaignId: string, wanted: NewPaper): Promise<Paper> {
  const asked = await requestPaper(campaignId, wanted)
  for (let look = 1; ; look += 1) {
    await new Promise((wake) => setTimeout(wake, LOOK_MS))
    try {
      const paper = await getPaper(campaignId, asked.id)
      if (paper.file_id != null || paper.state === 'failed' || look >= LOOKS) return paper
    } catch (error) {
      if (problemOf(error).status !== 404 || look >= LOOKS) throw error
    }
  }
}

export function PaperButton({ campaignId }: { campaignId: string }) {
  const { t, i18n } = useTranslation()
  const { message } = App.useApp()
  const say = useProblemText()
  const language = i18n.language.startsWith('en') ? 'en' : 'zh-CN'
  const making = useMutation({
    mutationFn: (format: NonNullable<NewPaper['format']>) => madePaper(campaignId, { format, language }),
    onError: (error) => void message.error(say(problemOf(error))),
    onSuccess: (paper) => {
      if (paper.file_id == null) return void message.error(t('paper.failed', { error: paper.error }))
      void message.success(t('paper.done'))
      window.location.assign(fileAddress(paper.file_id))
    },
  })
  return (
    <Dropdown disabled={making.isPending} menu={{ items: (['pdf', 'xlsx'] as const).map((format) => ({ key: format, label: t(`paper.${format}`), onClick: () => making.mutate(format) })) }} trigger={['click']}>
      <Button loading={making.isPending} icon={<Icon name="download" />}>{t(making.isPending ? 'paper.making' : 'paper.make')}</Button>
    </Dropdown>
  )
}
