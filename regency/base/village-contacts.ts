import type { Client, Database } from './database.ts'
import { readVillages } from './villages.ts'

/** Whom to call; a text that is not known is empty. */
export type VillageContact = {
  village: string
  contact: string
  phone: string
  technician: string
  technician_phone: string
  /** Where the evening summary goes. */
  email: string
}

/** Of the villages whose row says somebody; of a file that `parseVillages` has taken. */
export function parseContacts(csv: Uint8Array | string): VillageContact[] {
  return readVillages(csv)
    .rows.map(({ cell }) => ({
      village: cell('code').replaceAll('.', ''),
      ...{ contact: cell('contact'), phone: cell('phone') },
      ...{ technician: cell('technician'), technician_phone: cell('technician_phone'), email: cell('email') },
    }))
    .filter(({ village, ...said }) => Object.values(said).some(Boolean))
}

/** The file is the only place where they are written: what it no longer says is gone. */
export async function loadContacts(database: Database, contacts: readonly VillageContact[]): Promise<void> {
  await database.inTransaction(async (client: Client) => {
    await client.query('LOCK TABLE village_contact IN EXCLUSIVE MODE')
    await client.query('DELETE FROM village_contact')
    await client.query(
      `INSERT INTO village_contact (village, contact, phone, technician, technician_phone, email)
       SELECT village, contact, phone, technician, technician_phone, email
       FROM json_to_recordset($1)
         AS given (village text, contact text, phone text, technician text, technician_phone text, email text)`,
      [JSON.stringify(contacts)],
    )
  })
}
