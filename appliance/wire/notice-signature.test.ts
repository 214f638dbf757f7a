import { expect, test } from 'vitest'
import { signHere } from '../../regency/agency/sign-notice.ts'
import { signerOf, signNotice, verifyNotice } from './notice-signature.ts'
import { publicKeyOf } from './sign.ts'

const secret = 'AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX'
const notice = {
  village: '3510012002',
  notice: 'aaaaaaaaaaaa',
  kind: 'birth',
  from: 'RSUD “Blambangan”\n2',
  sealed: 'QUFB',
}

test('a browser and Node sign alike, and what is changed by a letter is another notice', () => {
  const key = signerOf(secret)
  const signer = publicKeyOf(key)
  const signature = signNotice(key, notice)
  expect(signHere(secret, notice)).toBe(signature)
  expect(verifyNotice(signer, notice, signature)).toBe(true)
  for (const [member, value] of Object.entries(notice))
    expect(verifyNotice(signer, { ...notice, [member]: `${value}0` }, signature), member).toBe(false)
  expect(verifyNotice(publicKeyOf(signerOf(secret)), notice, `${signature.slice(0, -2)}AA`)).toBe(false)
})
