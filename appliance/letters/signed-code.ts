import { digestContent, digestName, signLetter } from '../wire/letter-code.ts'
import type { LetterContent } from './letter-content.ts'
import type { LetterRoom } from './letters.ts'

type Signed = { letter: string; template: string; number: string; content: LetterContent; name: string }

/** The code of a letter's QR: it says that this office answers for the letter. */
export const signedCode = (
  { village, identity }: Pick<LetterRoom, 'village' | 'identity'>,
  { letter, template, number, content, name }: Signed,
): string =>
  signLetter(identity.key, {
    ...{ village, letter, day: content.on, template, number },
    content: digestContent(letter, content),
    name: digestName(letter, name),
  })
