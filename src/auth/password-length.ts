/** How many characters a password has at least, where nobody says otherwise (NIST SP 800-63B-4). */
export const minPasswordLengths = { demo: 8, production: 15 } as const
