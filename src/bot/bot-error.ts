/** Why the bot cannot go on, in a sentence. */
export class BotError extends Error {
  override readonly name = 'BotError'
}
