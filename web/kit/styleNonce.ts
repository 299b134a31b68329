/** antd locks scrolling and measures scroll bars with style elements of its own and forgets the page's CSP nonce there. */
const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce
const make = document.createElement.bind(document)

document.createElement = ((name: string, options?: ElementCreationOptions) => {
  const element = make(name, options)
  if (nonce && name === 'style') element.nonce = nonce
  return element
}) as typeof document.createElement
