/** Postgres's text holds no NUL. The backslash that stands for one must then be told from itself. */
export function escapeText(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\0', '\\0')
}

export function unescapeText(text: string): string {
  return text.replace(/\\(.)/g, (_, escaped) => (escaped === '0' ? '\0' : escaped))
}
