/** The passwords that are tried first, from a package that is maintained: `@zxcvbn-ts/language-common`, MIT. */
import { withDriver } from '../../storage/with-driver.ts'

/** In lower case. */
export type CommonestPasswords = ReadonlySet<string>

/** Read when they are first needed: most processes of a test or a script never do. */
export function lazyCommonestPasswords(): () => Promise<CommonestPasswords> {
  let reading: Promise<CommonestPasswords> | undefined
  return () => {
    reading ??= readCommonestPasswords()
    return reading
  }
}

async function readCommonestPasswords(): Promise<CommonestPasswords> {
  const importing = import('@zxcvbn-ts/language-common')
  const { dictionary } = await withDriver('@zxcvbn-ts/language-common', importing)
  return new Set(dictionary['passwords-common'].map((one) => one.toLowerCase()))
}

/** How many of them in a row are as easily guessed as one. */
const maxParts = 3
const shortestPart = 3
const longestPart = 32
/** What repeats so few characters needs no list. */
const longestTrivialUnit = 4

/** Whether it is one of them, or nothing but up to three of them in a row, or a repetition. In lower case. */
export function isCommon(password: string, commonest: CommonestPasswords): boolean {
  const unit = unitOf(password)
  if (unit.length < password.length && unit.length <= longestTrivialUnit) return true
  return [password, unit].some((text) => isMadeOf(text, commonest, maxParts))
}

function isMadeOf(text: string, commonest: CommonestPasswords, parts: number): boolean {
  if (commonest.has(text)) return true
  if (parts === 1) return false
  const longest = Math.min(longestPart, text.length - shortestPart)
  for (let length = shortestPart; length <= longest; length++) {
    if (!commonest.has(text.slice(0, length))) continue
    if (isMadeOf(text.slice(length), commonest, parts - 1)) return true
  }
  return false
}

/** The shortest text of which this one is a repetition: a text that is one is found in its double before its end. */
function unitOf(text: string): string {
  return text.slice(0, (text + text).indexOf(text, 1))
}
