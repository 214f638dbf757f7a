import type { Person } from '../../residents/views.ts'

/** What a column may be taken for, the usual ones first. */
export const fieldNames = [
  ...(['name', 'nik', 'kk', 'sex', 'birthPlace', 'birthDate', 'address', 'hamlet', 'rw', 'rt'] as const),
  ...(['relation', 'religion', 'education', 'schooling', 'work', 'marital', 'citizenship', 'status'] as const),
  ...(['fatherName', 'fatherNik', 'motherName', 'motherNik', 'blood', 'currentAddress'] as const),
  ...(['birthCertificate', 'marriageCertificate', 'marriageDate', 'divorceCertificate', 'divorceDate'] as const),
  ...(['ktpEl', 'recording', 'passport', 'passportUntil', 'kitas', 'disability', 'contraception'] as const),
  ...(['pregnant', 'ethnicity', 'tag', 'insurance', 'insuranceNumber', 'latitude', 'longitude', 'marks'] as const),
] satisfies readonly (keyof Person)[]
