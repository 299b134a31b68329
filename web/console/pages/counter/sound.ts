/** Two short tones, made here: one for done, a lower pair for no. Off until somebody switches them on. */
import { useCallback, useState } from 'react'

const KEPT = 'huoke.counter.sound'

function play(tones: [hertz: number, at: number][]) {
  const audio = new AudioContext()
  for (const [hertz, at] of tones) {
    const tone = audio.createOscillator()
    const volume = audio.createGain()
    tone.frequency.value = hertz
    volume.gain.setValueAtTime(0.2, audio.currentTime + at)
    volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + at + 0.15)
    tone.connect(volume).connect(audio.destination)
    tone.start(audio.currentTime + at)
    tone.stop(audio.currentTime + at + 0.15)
  }
  setTimeout(() => void audio.close(), 1000)
}

export function useSound() {
  const [on, setOn] = useState(() => localStorage.getItem(KEPT) === 'on')
  const change = (next: boolean) => {
    localStorage.setItem(KEPT, next ? 'on' : 'off')
    setOn(next)
    if (next) play([[880, 0]])
  }
  const sound = useCallback((good: boolean) => on && play(good ? [[880, 0]] : [[220, 0], [220, 0.2]]), [on])
  return { on, change, sound }
}
