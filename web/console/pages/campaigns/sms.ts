/** How many short messages a text takes: one up to 70 characters, then one for every 67 begun; as the server counts. */
export const smsParts = (text: string): number => (text.length === 0 ? 0 : text.length <= 70 ? 1 : Math.ceil(text.length / 67))
