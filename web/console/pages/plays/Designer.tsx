/** The page of a play: a season to begin from, words, picture, colours, blocks. */
import { useQuery } from '@tanstack/react-query'
import { App } from 'antd'
import { useTranslation } from 'react-i18next'
import { listPlayTemplates, type Colours, type Design, type Template } from '@api/plays'
import { useBilingual } from '@console/app/useWords'
import { Card } from '@kit/layout'
import { Loaded } from '@kit/states'
import { Blocks } from './Blocks'
import { Picture } from './Picture'
import { ChannelTexts } from './ChannelTexts'
import { Texts, type PartProps } from './PlayForm'
import { Theme } from './Theme'

const USUAL: Colours = { brand: '#12589B', brand_2: '#0C4078', on_brand: '#FFFFFF', brand_tint: '#E9F1F9', brand_line: '#C6DAEE', play_a: '#F6C863', play_b: '#BFE0EC', play_c: '#F8D2C2', foam: '#FFFFFF' }

export function designOf(draft: PartProps['draft']): Design {
  return { season: null, colours: null, picture_id: null, blocks: [], ...draft.design }
}

export function Designer({ draft, put }: PartProps) {
  const { t } = useTranslation()
  const { modal } = App.useApp()
  const templates = useQuery({ queryKey: ['play-templates'], queryFn: listPlayTemplates, staleTime: Infinity })
  const design = designOf(draft)
  const set = (changes: Partial<Design>) => put({ design: { ...design, ...changes } })
  const begin = (from: Template) => {
    const take = () => put({ zh: from.zh, en: from.en, design: from.design })
    if (!draft.zh?.title && !draft.zh?.rules) take()
    else modal.confirm({ title: t('design.replace'), content: t('design.replaceHint'), okText: t('design.replaceYes'), cancelText: t('action.cancel'), onOk: take })
  }
  const season = templates.data?.find((one) => one.season === design.season)
  return (
    <>
      <Card title={t('design.templates')} hint={t('design.templatesHint')}>
        <Loaded query={templates} rows={2}>{(found) => <Seasons found={found} chosen={design.season ?? null} begin={begin} />}</Loaded>
      </Card>
      <Card title={t('design.picture')}><Picture id={design.picture_id ?? null} put={(picture_id) => set({ picture_id })} /></Card>
      <Texts draft={draft} put={put} />
      <ChannelTexts draft={draft} put={put} />
      <Theme colours={design.colours ?? null} begin={season?.design.colours ?? USUAL} put={(colours) => set({ colours })} />
      <Blocks blocks={design.blocks ?? []} put={(blocks) => set({ blocks })} />
    </>
  )
}

function Seasons({ found, chosen, begin }: { found: Template[]; chosen: string | null; begin: (from: Template) => void }) {
  const say = useBilingual()
  return (
    <div className="seasons">
      {found.map((one) => (
        <button type="button" key={one.season} className="season" aria-pressed={one.season === chosen} onClick={() => begin(one)}>
          <svg viewBox="0 0 48 20" preserveAspectRatio="none" aria-hidden="true">{(['brand', 'play_a', 'play_b', 'play_c'] as const).map((name, at) => <rect key={name} x={at * 12} width={12} height={20} fill={one.design.colours?.[name]} />)}</svg>
          <b>{say(one.name, one.name_en)}</b>
          <span className="second s12">{say(one.zh.title ?? '', one.en.title ?? '')}</span>
        </button>
      ))}
    </div>
  )
}
