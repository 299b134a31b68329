/** A campaign's draft while it is written: every change is kept here at once and on the server a moment later. */
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { SESSION_RESUMED } from '@api/client'
import { changeCampaign, getCampaign, type Campaign, type Draft } from '@api/campaigns'
import { useDraft, useOtherTabs, type TabMessage } from '@kit/draft'
import { problemOf, type Problem } from '@kit/problem'

const PAUSE_MS = 900
/** A save that found no server is tried again this much later. */
const AGAIN_MS = 4_000
const MOVED = 'campaigns.version_moved'

export interface DraftState {
  draft: Draft
  change: (changes: Partial<Draft>) => void
  /** What is saved: the server's view, with its problems and version. */
  saved: Campaign
  saving: boolean
  savedAt: Date | null
  problem: Problem | null
  /** Somebody saved another version, here or elsewhere: nothing more is saved until one of the two is chosen. */
  conflict: boolean
  takeTheirs: () => Promise<void>
  keepMine: () => Promise<void>
  /** The same draft is open in another tab of this browser. */
  elsewhere: boolean
  restored: string | null
  /** Wait until everything typed is on the server. */
  settle: () => Promise<Campaign>
  discard: () => void
}

interface Kept {
  draft: Draft
  version: number
}

/** Saves `pause` milliseconds from now, and again later where no server was found. */
function saveWithin(state: { timer: number; stuck: boolean; gone: boolean }, pause: number, save: () => Promise<unknown>) {
  const failed = (error: unknown) => {
    if (problemOf(error).retryable && !state.gone) saveWithin(state, AGAIN_MS, save)
  }
  clearTimeout(state.timer)
  if (!state.stuck) state.timer = window.setTimeout(() => void save().catch(failed), pause)
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
  const [conflict, setConflict] = useState(false)
  // What the timer and a running save must see as it is now, not as it was when they began.
  const live = useRef({ draft, version: campaign.version, dirty: found !== null, stuck: false, gone: false, timer: 0, running: null as Promise<Campaign> | null, last: campaign })

  const adopt = useCallback(
    (answer: Campaign) => {
      Object.assign(live.current, { version: answer.version, last: answer, stuck: false })
      setSaved(answer)
      setConflict(false)
      setProblem(null)
      cache.setQueryData(['campaigns', campaign.id], answer)
    },
    [campaign.id, cache],
  )

  const refuse = useCallback((error: unknown) => {
    const state = live.current
    state.dirty = true
    const refused = problemOf(error)
    state.stuck = refused.code === MOVED
    setConflict(state.stuck)
    setProblem(state.stuck ? null : refused)
  }, [])

  const takeTheirs = useCallback(async () => {
    clearTimeout(live.current.timer)
    const theirs = await getCampaign(campaign.id)
    Object.assign(live.current, { dirty: false, draft: theirs.draft })
    setDraft(theirs.draft)
    local.drop()
    adopt(theirs)
  }, [campaign.id, local, adopt])

  const hear = useCallback(
    (message: TabMessage) => {
      // A save on its way is answered by the server: it was first, or it is refused and nothing typed here is lost.
      if (message.kind !== 'saved' || message.version <= live.current.version || live.current.running) return
      if (live.current.dirty) {
        live.current.stuck = true
        setConflict(true)
      } else void takeTheirs().catch(() => undefined)
    },
    [takeTheirs],
  )
  const { others, tell } = useOtherTabs(`campaign.${campaign.id}`, hear)

  const save = useCallback(async (): Promise<Campaign> => {
    const state = live.current
    clearTimeout(state.timer)
    if (state.running) await state.running.catch(() => undefined)
    if (!state.dirty) return state.last
    state.dirty = false
    setSaving(true)
    state.running = changeCampaign(campaign.id, { ...state.draft, expected_version: state.version })
    try {
      const answer = await state.running
      adopt(answer)
      setSavedAt(new Date())
      tell({ kind: 'saved', version: answer.version })
      if (!state.dirty) local.drop()
      return answer
    } catch (error) {
      refuse(error)
      throw error
    } finally {
      state.running = null
      setSaving(false)
    }
  }, [campaign.id, local, adopt, refuse, tell])

  const keepMine = useCallback(async () => {
    const theirs = await getCampaign(campaign.id)
    Object.assign(live.current, { version: theirs.version, stuck: false, dirty: true })
    setConflict(false)
    await save()
  }, [campaign.id, save])

  const saveRef = useRef(save)
  useEffect(() => {
    saveRef.current = save
  }, [save])

  const schedule = useCallback(() => saveWithin(live.current, PAUSE_MS, () => saveRef.current()), [])

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
    state.gone = false
    if (state.dirty) schedule()
    const again = () => state.dirty && schedule()
    window.addEventListener(SESSION_RESUMED, again)
    window.addEventListener('online', again)
    return () => {
      state.gone = true
      window.removeEventListener(SESSION_RESUMED, again)
      window.removeEventListener('online', again)
      clearTimeout(state.timer)
      if (state.dirty && !state.stuck) void saveRef.current().catch(() => undefined)
    }
  }, [schedule])

  return { draft, change, saved, saving, savedAt, problem, conflict, takeTheirs, keepMine, elsewhere: others, restored: found?.at ?? null, settle: save, discard }
}
