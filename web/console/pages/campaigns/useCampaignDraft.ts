/** A campaign's draft while it is written: every change is kept here at once and on the server a moment later. */
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { SESSION_RESUMED } from '@api/client'
import { changeCampaign, type Campaign, type Draft } from '@api/campaigns'
import { useDraft } from '@kit/draft'
import { problemOf, type Problem } from '@kit/problem'

const PAUSE_MS = 900

export interface DraftState {
  draft: Draft
  change: (changes: Partial<Draft>) => void
  /** What is saved: the server's view, with its problems and version. */
  saved: Campaign
  saving: boolean
  savedAt: Date | null
  problem: Problem | null
  restored: string | null
  /** Wait until everything typed is on the server. */
  settle: () => Promise<Campaign>
  discard: () => void
}

interface Kept {
  draft: Draft
  version: number
}

export function useCampaignDraft(campaign: Campaign): DraftState {
  const cache = useQueryClient()
  const local = useDraft<Kept>(`campaign.${campaign.id}`)
  const found = local.found?.value.version === campaign.version ? local.found : null
  const [draft, setDraft] = useState<Draft>(found ? found.value.draft : campaign.draft)
  const [saved, setSaved] = useState(campaign)
  const [saving, setSaving] = useState(false)
  const [savedAt, setSavedAt] = useState<Date | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  // What the timer and a running save must see as it is now, not as it was when they began.
  const live = useRef({ draft, version: campaign.version, dirty: found !== null, timer: 0, running: null as Promise<Campaign> | null, last: campaign })

  const save = useCallback(async (): Promise<Campaign> => {
    const state = live.current
    clearTimeout(state.timer)
    if (state.running) await state.running.catch(() => undefined)
    if (!state.dirty) return state.last
    state.dirty = false
    const sent = state.draft
    setSaving(true)
    state.running = changeCampaign(campaign.id, { ...sent, expected_version: state.version })
    try {
      const answer = await state.running
      state.version = answer.version
      state.last = answer
      setSaved(answer)
      setSavedAt(new Date())
      setProblem(null)
      if (!state.dirty) local.drop()
      cache.setQueryData(['campaigns', campaign.id], answer)
      return answer
    } catch (error) {
      state.dirty = true
      setProblem(problemOf(error))
      throw error
    } finally {
      state.running = null
      setSaving(false)
    }
  }, [campaign.id, cache, local])

  const saveRef = useRef(save)
  useEffect(() => {
    saveRef.current = save
  }, [save])

  const schedule = useCallback(() => {
    clearTimeout(live.current.timer)
    live.current.timer = window.setTimeout(() => void saveRef.current().catch(() => undefined), PAUSE_MS)
  }, [])

  const change = useCallback(
    (changes: Partial<Draft>) => {
      const next = { ...live.current.draft, ...changes }
      live.current.draft = next
      live.current.dirty = true
      setDraft(next)
      local.keep({ draft: next, version: live.current.version })
      schedule()
    },
    [local, schedule],
  )

  const discard = useCallback(() => {
    live.current.draft = live.current.last.draft
    live.current.dirty = false
    clearTimeout(live.current.timer)
    setDraft(live.current.last.draft)
    local.drop()
  }, [local])

  useEffect(() => {
    const state = live.current
    if (state.dirty) schedule()
    const again = () => state.dirty && schedule()
    window.addEventListener(SESSION_RESUMED, again)
    return () => {
      window.removeEventListener(SESSION_RESUMED, again)
      clearTimeout(state.timer)
      if (state.dirty) void saveRef.current().catch(() => undefined)
    }
  }, [schedule])

  return { draft, change, saved, saving, savedAt, problem, restored: found?.at ?? null, settle: save, discard }
}
