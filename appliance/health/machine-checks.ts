import { asIs, attention, type CheckFacts, type Found, fact, good, missing, unread } from './check-facts.ts'

/* What the machine itself is like. */

export function power({ readings: { power: reading } }: CheckFacts): Found {
  if (!reading) return missing('power', unread)
  return good(
    'power',
    fact(reading.low ? 'check.power-low' : reading.before ? 'check.power-was-low' : 'check.power-good'),
  )
}

export function card({ readings: { card: reading, encryption, residentsInClear } }: CheckFacts): Found {
  const key = encryption !== null && fact(`check.encryption-${encryption}`)
  const inClear = residentsInClear && fact('check.residents-in-clear')
  if (!reading) return missing('card', unread, inClear || key)
  const { kind, name, sizeBytes, errors, readOnly, wearPercent, writtenBytes } = reading
  const known = errors !== null || readOnly !== null || wearPercent !== null
  return (known ? good : missing)(
    'card',
    fact(`check.card-${kind}`, { name, sizeBytes }),
    readOnly === true && fact('check.card-read-only'),
    errors === null ? fact('check.card-errors-unread') : fact('check.card-errors', { n: errors }),
    wearPercent === null ? fact('check.card-wear-unread') : fact('check.card-wear', { percent: wearPercent }),
    writtenBytes !== null && fact('check.card-written', { writtenBytes }),
    inClear || key,
  )
}

export function disk({ readings: { diskFreeBytes: freeBytes, diskTotalBytes: totalBytes }, sizes }: CheckFacts): Found {
  const size = sizes && fact('check.database', sizes)
  if (freeBytes === null || totalBytes === null) return missing('disk', unread, size)
  return good('disk', fact('check.disk-free', { freeBytes, totalBytes }), size)
}

export function memory({ readings: { memoryUsedMb: used, memoryTotalMb: total } }: CheckFacts): Found {
  if (used === null || total === null) return missing('memory', unread)
  return good('memory', fact('check.memory-used', { used, total }))
}

export function temperature({ readings: { temperatureC } }: CheckFacts): Found {
  if (temperatureC === null) return missing('temperature', unread)
  return good('temperature', fact('check.temperature', { celsius: temperatureC }))
}

export function clock({ clock: reading, readings: { ntp } }: CheckFacts): Found {
  const kept = fact(ntp === null ? 'check.ntp-unread' : ntp ? 'check.ntp-on' : 'check.ntp-off')
  if (!reading) return { ...good('clock', kept), state: ntp === null ? 'missing' : ntp ? 'good' : 'attention' }
  const { trust, offsetMs } = reading
  return (trust === 'doubtful' ? attention : good)(
    'clock',
    fact(`check.clock-${trust}`),
    kept,
    fact('check.clock-offset', { n: offsetMs }),
  )
}

export function network({ readings: { network: reading, wifiBlock } }: CheckFacts): Found {
  const blocked = wifiBlock !== null && fact(`check.wifi-blocked-${wifiBlock}`)
  if (!reading) return missing('network', fact('check.network-none'), blocked)
  const { name, address, gateway, wifiDbm } = reading
  return good(
    'network',
    asIs(address),
    asIs(name),
    fact(gateway ? 'check.network-gateway' : 'check.network-no-gateway'),
    wifiDbm !== null && fact('check.network-wifi', { dbm: wifiDbm }),
    blocked,
  )
}
