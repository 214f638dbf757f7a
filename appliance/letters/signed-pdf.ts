import { hash } from 'node:crypto'

const byteRange = /\/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]/g
const digests = ['sha256', 'sha384', 'sha512'] as const

/**
 * Whether a PDF has a signature over itself (ISO 32000-1, 12.8.1): its `ByteRange` leaves out nothing but the signature, and
 * that has the digest of all the rest among what it signs (RFC 5652, messageDigest). So an answer that is cut off, or that is
 * some other file, is not taken for the letter. Whose signature it is, and whether it was revoked, readers of PDF check.
 */
export function isSignedPdf(pdf: Buffer): boolean {
  if (pdf.subarray(0, 5).toString('latin1') !== '%PDF-') return false
  return [...pdf.toString('latin1').matchAll(byteRange)].some(([, ...numbers]) => {
    const [start = 0, length = 0, second = 0, rest = 0] = numbers.map(Number)
    const end = second + rest
    if (start !== 0 || length >= second || end > pdf.length || !isUpdate(pdf.subarray(end))) return false
    const hole = pdf.subarray(length, second).toString('latin1')
    if (!/^<[\dA-Fa-f]+>$/.test(hole)) return false
    const signature = Buffer.from(hole.slice(1, -1), 'hex')
    const covered = Buffer.concat([pdf.subarray(0, length), pdf.subarray(second, end)])
    return digests.some((name) => signature.includes(hash(name, covered, 'buffer')))
  })
}

/** What may follow a signature: nothing, or a later update of the file, as for a time stamp. */
const isUpdate = (after: Buffer): boolean => /^\s*$|%%EOF\s*$/.test(after.toString('latin1'))
