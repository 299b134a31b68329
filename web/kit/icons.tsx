/** Line icons, 24 × 24, stroke 1.5: one family, drawn for the console. */
import type { SVGProps } from 'react'

const paths = {
  home: 'M3 11.5 12 4l9 7.5M5.5 9.8V20h13V9.8M10 20v-5.5h4V20',
  customer: 'M12 12.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20.5c.6-4 3.6-6 7.5-6s6.9 2 7.5 6',
  benefit: 'M4 11h16v9.5H4zM3 7h18v4H3zM12 7v13.5M12 7c-4.5 0-5.5-4-3-4.5C11 2.2 12 5 12 7Zm0 0c4.5 0 5.5-4 3-4.5C13 2.2 12 5 12 7Z',
  campaign: 'M5 21V4M5 4.5h12.5l-2 4 2 4H5',
  settle: 'M6 3h12v18l-2-1.4-2 1.4-2-1.4-2 1.4-2-1.4L6 21zM9 8h6M9 12h6M9 16h3',
  counter: 'M4 7V4h4M20 7V4h-4M4 17v3h4M20 17v3h-4M7.5 8v8M10.5 8v8M13.5 8v8M16.5 8v8',
  approval: 'M5 4h14a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1ZM8.5 12l2.5 2.5 4.5-5',
  audit: 'M12 3l7.5 2.7v5.6c0 4.6-3 8-7.5 9.7-4.5-1.7-7.5-5.1-7.5-9.7V5.7zM8.7 11.8l2.4 2.4 4.3-4.6',
  setting: 'M12 15.2a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4ZM12 2.8v2.4M12 18.8v2.4M2.8 12h2.4M18.8 12h2.4M5.5 5.5l1.7 1.7M16.8 16.8l1.7 1.7M5.5 18.5l1.7-1.7M16.8 7.2l1.7-1.7',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM20 20l-4.8-4.8',
  clock: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM12 7.5V12l3 2',
  jobs: 'M4 6h16M4 11h9M4 16h9M17.5 11v8M14.5 16.5l3 3 3-3',
  bell: 'M6 10a6 6 0 1 1 12 0c0 5 2 6 2 7H4c0-1 2-2 2-7ZM10 20.5h4',
  down: 'M6 9.5l6 6 6-6',
  right: 'M9.5 6l6 6-6 6',
  left: 'M14.5 6l-6 6 6 6',
  plus: 'M12 5v14M5 12h14',
  close: 'M6 6l12 12M18 6L6 18',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  checkCircle: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM8.5 12.2l2.4 2.4 4.6-4.9',
  warning: 'M12 4l9 16H3zM12 10v4.5M12 17.2v.3',
  stop: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM9 9l6 6M15 9l-6 6',
  info: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM12 11v5.5M12 7.6v.3',
  lock: 'M6 11h12v9.5H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12ZM12 14.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6Z',
  download: 'M12 4v11M7.5 11l4.5 4.5 4.5-4.5M4.5 20h15',
  upload: 'M12 16V5M7.5 9L12 4.5 16.5 9M4.5 20h15',
  retry: 'M20 12a8 8 0 1 1-2.5-5.8M20 3.5V8h-4.5',
  pause: 'M8.5 5v14M15.5 5v14',
  play: 'M7 4.5l12 7.5-12 7.5z',
  end: 'M6 6h12v12H6z',
  menu: 'M4 6.5h16M4 12h16M4 17.5h16',
  tag: 'M3.5 12.5V4h8.5l8.5 8.5-8.5 8.5zM8 8.2v.3',
  copy: 'M9 9h11v11H9zM15 9V4H4v11h5',
  edit: 'M4 20h4L19.5 8.5l-4-4L4 16zM13 7l4 4',
  undo: 'M8 5L3.5 9.5 8 14M4 9.5h9a6.5 6.5 0 0 1 0 13h-3',
  file: 'M6 3h8l4.5 4.5V21H6zM14 3v4.5h4.5',
  sun: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4',
  moon: 'M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z',
  language: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM3.5 12h17M12 3.5c5 5.5 5 11.5 0 17M12 3.5c-5 5.5-5 11.5 0 17',
  leave: 'M10 4H5v16h5M9.5 12H20M16 8l4 4-4 4',
  message: 'M4 5.5h16v11H9.5L5 20.5v-4H4zM8 9.5h8M8 12.7h5',
  budget: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM8.5 7.5l3.5 4.5 3.5-4.5M12 12v5M9 12.2h6M9 14.8h6',
  drop: 'M12 3.5l5.2 6.9a6.5 6.5 0 1 1-10.4 0z',
  sortUp: 'M12 18V6M7 11l5-5 5 5',
  sortDown: 'M12 6v12M7 13l5 5 5-5',
  columns: 'M4 5h16v14H4zM9.3 5v14M14.7 5v14',
  key: 'M14.5 13a4.5 4.5 0 1 0-4.2-2.8L4 16.5V20h3.5l.5-2 2-.5.5-2 1.8-1.8a4.5 4.5 0 0 0 2.2.3ZM15.8 8.2v.3',
  camera: 'M4 8h3.5L9 5.5h6L16.5 8H20v11H4zM12 16.5a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4Z',
  sound: 'M4 9.5v5h3.5L12 19V5L7.5 9.5zM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11',
  mute: 'M4 9.5v5h3.5L12 19V5L7.5 9.5zM16 9.5l5 5M21 9.5l-5 5',
  store: 'M4 9.5 5.5 4h13L20 9.5a2.7 2.7 0 0 1-5.3.5 2.7 2.7 0 0 1-5.4 0A2.7 2.7 0 0 1 4 9.5ZM5.5 12.3V20h13v-7.7M10 20v-4.5h4V20',
  help: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM9.6 9.7a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.2.9-1.2 1.8M12 16.4v.3',
  people: 'M9 12a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 19.5c.5-3.5 3-5.2 6.5-5.2s6 1.7 6.5 5.2M16 5.2a3.5 3.5 0 0 1 0 6.6M18 14.6c2 .8 3.2 2.5 3.5 4.9',
} as const

export type IconName = keyof typeof paths

/** An icon is decoration unless `label` names it. antd gives those it places a class of its own. */
export function Icon({ name, label, className = '', ...rest }: { name: IconName; label?: string } & SVGProps<SVGSVGElement>) {
  const said = label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true }
  return (
    <svg className={`icon ${className}`} viewBox="0 0 24 24" {...said} {...rest}>
      <path d={paths[name]} />
    </svg>
  )
}

/** The mark: one ribbon that closes into a drop. The small cut is for 24 px and less. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 64 64" fill="var(--primary)" aria-hidden>
      {size <= 24 ? (
        <path d="M32 4L49.28 27.04A21.6 21.6 0 1 1 14.72 27.04L22.5 16.67L28.88 25.17L22.88 33.16A11.4 11.4 0 1 0 41.12 33.16L25.62 12.5Z" />
      ) : (
        <path d="M32 4.5L48.8 26.9A21 21 0 1 1 15.2 26.9L24.25 14.83L29.88 22.33L22.4 32.3A12 12 0 1 0 41.6 32.3L26.38 12Z" />
      )}
    </svg>
  )
}
