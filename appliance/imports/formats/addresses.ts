/*
 * Addresses in one cell, as registers of families write them, taken apart.
 */

/** What stands in one cell of a family: what is not there, or only a stroke, is empty. */
export type FamilyPlace = { address: string; hamlet: string; rt: string; rw: string }

/** `Jl. Melati DSN. KRAJAN` is the address Jl. Melati in the hamlet KRAJAN. Without such a word all of it is the address. */
export function splitHamlet(text: string): { hamlet: string; rest: string } {
  const [, before = '', hamlet = ''] = /^(.*?)\b(?:DUSUN|DSN|DS)\b[.:]?\s*(.*)$/i.exec(text) ?? []
  return hamlet === '' ? { hamlet: '', rest: text } : { hamlet: tidy(hamlet), rest: tidy(before) }
}

/**
 * BIP 2012: `DUSUN KERANDANGAN, RT:001, RW:001, Kodepos:83355,-`; BIP 2016: `Alamat : MERTAK PAOK, Nama Dusun : -,
 * RT/RW : 005/-`; with the electronic card: `DESA LUBUK BESAR RT/RW : 002/000 DUSUN : -`.
 */
export function readFamilyPlace(text: string): FamilyPlace {
  let rest = text
  const take = (pattern: RegExp): string[] => {
    const found = pattern.exec(rest)
    if (found) rest = `${rest.slice(0, found.index)}, ${rest.slice(found.index + found[0].length)}`
    return (found ?? []).slice(1).map((part) => tidy(part ?? ''))
  }
  take(/\b(?:Kodepos|Kode Pos)\s*:?\s*\d*/i)
  take(/\bTelp\.?\s*:?\s*[\d-]*/i)
  const [rtOfBoth = '', rwOfBoth = ''] = take(/\b(?:NO\.?\s*)?RT\s*\/\s*RW\s*:?\s*([\w-]*)\s*\/\s*([\w-]*)/i)
  const [rt = rtOfBoth] = take(/\bRT\s*[:.]\s*([\w-]*)/i)
  const [rw = rwOfBoth] = take(/\bRW\s*[:.]\s*([\w-]*)/i)
  const [named = ''] = take(/\b(?:Nama\s+Dusun|DUSUN)\s*:\s*([^,]*)/i)
  const [called = ''] = take(/\b(?:DUSUN|DSN)\b\.?\s+([^,:]+)/i)
  return { address: tidy(rest.replace(/^\s*Alamat\s*:/i, '')), hamlet: named || called, rt, rw }
}

/** Without strokes, commas and blanks at its ends and doubled inside. */
const tidy = (text: string): string =>
  text
    .replaceAll(/(?:\s*,[\s,-]*)+/g, ', ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/^[\s,:-]+|[\s,-]+$/g, '')
