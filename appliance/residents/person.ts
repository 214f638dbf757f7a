import { type Static, Type } from 'typebox'
import { closedType, Day } from '../base/schemas.ts'

/*
 * What the box keeps of a resident. Codes are those of the sheet "Kode Data" of OpenSID's import template, which offices
 * exchange (codes.ts has their words); a member that is absent is not known.
 */

const text = (maxLength: number) => Type.Optional(Type.String({ minLength: 1, maxLength }))
const code = (most: number) => Type.Optional(Type.Integer({ minimum: 1, maximum: most }))
const Sixteen = Type.Optional(Type.String({ pattern: '^\\d{16}$' }))
const Dated = Type.Optional(Day)

/** One resident: as files bring them, and as the desk sees them once the record is open. */
export const Person = closedType({
  name: Type.String({ minLength: 1, maxLength: 100 }),
  /** 16 digits. Absent: none yet. One that begins with 0 is a temporary one. */
  nik: Sixteen,
  /** The family card: 16 digits. */
  kk: Sixteen,
  /** 1 male, 2 female. */
  sex: code(2),
  birthPlace: text(100),
  birthDate: Dated,
  address: text(200),
  /** Dusun, lingkungan or the like. */
  hamlet: text(100),
  /** Three digits: 004. */
  rw: text(10),
  rt: text(10),
  /** Where somebody lives who is registered elsewhere. */
  currentAddress: text(200),
  religion: code(7),
  /** As the family card says: finished. */
  education: code(10),
  /** What somebody attends now. */
  schooling: code(18),
  work: code(89),
  marital: code(4),
  /** SHDK: what somebody is to the head of the family. */
  relation: code(11),
  citizenship: code(3),
  fatherNik: Sixteen,
  fatherName: text(100),
  motherNik: Sixteen,
  motherName: text(100),
  blood: code(13),
  disability: code(7),
  contraception: code(99),
  pregnant: code(2),
  ktpEl: code(3),
  recording: code(8),
  /** 1 alive, 2 dead, 3 moved, 4 missing, 6 away, 9 not valid. Absent: nobody said, so alive. */
  status: code(9),
  birthCertificate: text(60),
  passport: text(60),
  passportUntil: Dated,
  kitas: text(60),
  marriageCertificate: text(60),
  marriageDate: Dated,
  divorceCertificate: text(60),
  divorceDate: Dated,
  ethnicity: text(60),
  /** What a reader types for the card: it finds somebody, and proves nothing. */
  tag: text(40),
  insurance: code(99),
  insuranceNumber: text(60),
  latitude: Type.Optional(Type.Number({ minimum: -90, maximum: 90 })),
  longitude: Type.Optional(Type.Number({ minimum: -180, maximum: 180 })),
  /** What aid lists say: the programme, and of when the list is. */
  marks: Type.Optional(
    Type.Array(closedType({ mark: Type.String({ minLength: 1, maxLength: 60 }), asOf: Type.Optional(Day) }), {
      maxItems: 20,
    }),
  ),
})
export type Person = Static<typeof Person>

/** What a row of a file says of somebody: what it is silent of is left as it is. */
export type PersonFields = Partial<Person>
