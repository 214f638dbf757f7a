import { isNotice, type Notice } from '../wire/notices.ts'

/**
 * What a notice says that is sealed to this box. Null: it is sealed to another one, or damaged. `unreadable`: what was sealed
 * is none.
 */
export async function openNotice(file: Uint8Array, secret: string): Promise<Notice | 'unreadable' | null> {
  const { Decrypter } = await import('age-encryption')
  const decrypter = new Decrypter()
  decrypter.addIdentity(secret)
  let text: string
  try {
    text = await decrypter.decrypt(file, 'text')
  } catch {
    return null
  }
  try {
    const content: unknown = JSON.parse(text)
    return isNotice(content) ? content : 'unreadable'
  } catch {
    return 'unreadable'
  }
}
