import { StartError } from '../start-error.ts'

/** What an import brings; where the driver it needs is not installed, a `StartError` says which. */
export async function withDriver<T>(driver: string, importing: Promise<T>): Promise<T> {
  try {
    return await importing
  } catch (cause) {
    if (Reflect.get(Object(cause), 'code') !== 'ERR_MODULE_NOT_FOUND') throw cause
    const sentence = `A driver that is needed here is not installed. Run: npm install ${driver}`
    throw new StartError(sentence, { cause })
  }
}
