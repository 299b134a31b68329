/** Colours of a page: the bank's, or nine of its own; what nobody could read is said at once, and refused at save. */
import { Button, Input, Radio } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Colours } from '@api/plays'
import { Card } from '@kit/layout'
import { COLOURS, derived, unreadable, type Colour } from './contrast'

const HEX = /^#[0-9A-Fa-f]{6}$/
const MAIN: Colour[] = ['brand', 'play_a', 'play_b', 'play_c']

interface ThemeProps {
  colours: Colours | null
  begin: Colours
  put: (colours: Colours | null) => void
}

export function Theme({ colours, begin, put }: ThemeProps) {
  const { t } = useTranslation()
  const [all, setAll] = useState(false)
  const bad = colours ? unreadable(colours) : {}
  const set = (name: Colour, value: string) => colours && put({ ...colours, ...(name === 'brand' && HEX.test(value) ? derived(value) : { [name]: value.toUpperCase() }) })
  return (
    <Card title={t('design.theme')} hint={t('design.themeHint')}>
      <Radio.Group value={colours ? 'own' : 'bank'} onChange={(event) => put(event.target.value === 'own' ? begin : null)} options={[{ value: 'bank', label: t('design.bankColours') }, { value: 'own', label: t('design.ownColours') }]} />
      {colours && (
        <>
          <div className="colours">
            {(all ? COLOURS : MAIN).map((name) => (
              <div className="colour" key={name}>
                <input type="color" aria-label={t(`design.colours.${name}`)} value={HEX.test(colours[name]) ? colours[name] : '#000000'} onChange={(event) => set(name, event.target.value)} />
                <div>
                  <span className="s13">{t(`design.colours.${name}`)}</span>
                  <Hex key={colours[name]} label={t('design.hexOf', { name: t(`design.colours.${name}`) })} value={colours[name]} set={(value) => set(name, value)} bad={Boolean(bad[name])} />
                  {bad[name] && <small className="bad s12" role="alert">{t('design.unreadable', { has: bad[name].has.toFixed(1), needs: bad[name].needs })}</small>}
                </div>
              </div>
            ))}
          </div>
          <Button type="link" size="small" onClick={() => setAll(!all)}>{t(all ? 'design.fewColours' : 'design.allColours')}</Button>
        </>
      )}
    </Card>
  )
}

/** A colour as text: taken once it is one. */
function Hex({ label, value, set, bad }: { label: string; value: string; set: (value: string) => void; bad: boolean }) {
  const [text, setText] = useState(value)
  return <Input size="small" aria-label={label} status={bad || !HEX.test(text) ? 'error' : ''} maxLength={7} spellCheck={false} value={text} onChange={(event) => { setText(event.target.value); if (HEX.test(event.target.value)) set(event.target.value) }} />
}
