import type { VillageRow } from '../../regency/base/villages.ts'
import { demoVillages } from './demo-villages.ts'

/*
 * The 217 villages of Kabupaten Banyuwangi by the codes of Kepmendagri 300.2.2-2138/2025, as github.com/cahyadsn/wilayah
 * (db/wilayah.sql) has them: six digits of the district, four of the village, which begin with 1 for a kelurahan and with 2
 * for a desa.
 */
const districts = `
351001 Pesanggaran: 2001 Sarongan, 2002 Pesanggaran, 2004 Sumberagung, 2009 Kandangan, 2010 Sumbermulyo
351002 Bangorejo: 2001 Sukorejo, 2002 Sambirejo, 2003 Temurejo, 2004 Bangorejo, 2005 Kebondalem, 2006 Sambimulyo, 2007 Ringintelu
351003 Purwoharjo: 2001 Grajagan, 2002 Sumberasri, 2003 Glagahagung, 2004 Sidorejo, 2005 Purwoharjo, 2006 Bulurejo, 2007 Kradenan, 2008 Karetan
351004 Tegaldlimo: 2001 Purwoasri, 2002 Kendalrejo, 2003 Kedungasri, 2004 Kedungwungu, 2005 Tegaldlimo, 2006 Wringinpitu, 2007 Kedunggebang, 2008 Purwoagung, 2009 Kalipait
351005 Muncar: 2001 Sumberberas, 2002 Kedungrejo, 2003 Tembokrejo, 2004 Sumbersewu, 2005 Blambangan, 2006 Tapanrejo, 2007 Wringinputih, 2008 Tambakrejo, 2009 Kedungringin, 2010 Kumendung
351006 Cluring: 2001 Plampangrejo, 2002 Tampo, 2003 Sembulung, 2004 Cluring, 2005 Benculuk, 2006 Sraten, 2007 Tamanagung, 2008 Sarimulyo, 2009 Kaliploso
351007 Gambiran: 2001 Purwodadi, 2002 Jajag, 2007 Gambiran, 2008 Yosomulyo, 2009 Wringinrejo, 2010 Wringinagung
351008 Srono: 2001 Bagorejo, 2002 Wonosobo, 2003 Sukonatar, 2004 Kebaman, 2005 Sumbersari, 2006 Parijatah Wetan, 2007 Parijatah Kulon, 2008 Rejoagung, 2009 Kepundungan, 2010 Sukomaju
351009 Genteng: 2001 Kembiritan, 2002 Genteng Wetan, 2003 Genteng Kulon, 2004 Setail, 2005 Kaligondo
351010 Glenmore: 2001 Tegalharjo, 2002 Sepanjang, 2003 Karangharjo, 2004 Tulungrejo, 2005 Sumbergondo, 2006 Bumiharjo, 2007 Margomulyo
351011 Kalibaru: 2001 Kalibarukulon, 2002 Kalibarumanis, 2003 Kalibaruwetan, 2004 Kajarharjo, 2005 Banyuanyar, 2006 Kebonrejo
351012 Singojuruh: 2001 Gambor, 2002 Alasmalang, 2003 Benelan Kidul, 2004 Lemahbangkulon, 2005 Singojuruh, 2006 Gumirih, 2007 Cantuk, 2008 Padang, 2009 Singolatren, 2010 Kemiri, 2011 Sumberbaru
351013 Rogojampi: 2001 Aliyan, 2002 Mangir, 2006 Gladag, 2007 Bubuk, 2008 Lemahbangdewo, 2010 Gitik, 2012 Karangbendo, 2013 Rogojampi, 2014 Pengatigan, 2018 Kedaleman
351014 Kabat: 2001 Bareng, 2002 Bunder, 2003 Gombolirang, 2004 Benelan Lor, 2005 Labanasem, 2006 Pakistaji, 2009 Pondoknongko, 2010 Dadapan, 2011 Kedayunan, 2012 Kabat, 2013 Macan Putih, 2014 Tambong, 2015 Pendarungan, 2016 Kalirejo
351015 Glagah: 1002 Bakungan, 1003 Banjarsari, 2001 Rejosari, 2004 Kemiren, 2005 Olehsari, 2006 Glagah, 2007 Paspan, 2010 Tamansuruh, 2011 Kenjo, 2012 Kampunganyar
351016 Banyuwangi: 1001 Pakis, 1002 Sobo, 1003 Kebalenan, 1004 Penganjuran, 1005 Tukangkayu, 1006 Kertosari, 1007 Karangrejo, 1008 Kepatihan, 1009 Panderejo, 1010 Singonegaran, 1011 Temenggungan, 1012 Kampungmelayu, 1013 Kampungmandar, 1014 Lateng, 1015 Singotrunan, 1016 Pengantigan, 1017 Tamanbaru, 1018 Sumberrejo
351017 Giri: 1002 Boyolangu, 1003 Mojopanggung, 1004 Penataban, 1005 Giri, 2001 Jambesari, 2006 Grogol
351018 Wongsorejo: 2001 Bangsring, 2002 Bengkak, 2003 Alasbuluh, 2004 Wongsorejo, 2005 Sumberkencono, 2006 Sidodadi, 2007 Bajulmati, 2008 Watukebo, 2009 Alasrejo, 2010 Sidowangi, 2011 Sumberanyar, 2012 Bimorejo
351019 Songgon: 2001 Songgon, 2002 Balak, 2003 Sragi, 2004 Parangharjo, 2005 Bedewang, 2006 Bayu, 2007 Sumberarum, 2008 Sumberbulu, 2009 Bangunsari
351020 Sempu: 2001 Sempu, 2002 Jambewangi, 2003 Karangsari, 2004 Temuguruh, 2005 Gendoh, 2006 Temuasri, 2007 Tegalarum
351021 Kalipuro: 1001 Kalipuro, 1002 Klatak, 1006 Gombengsari, 1007 Bulusan, 2003 Ketapang, 2004 Pesucen, 2005 Kelir, 2008 Telemung, 2009 Bulusari
351022 Siliragung: 2001 Buluagung, 2002 Siliragung, 2003 Kesilir, 2004 Seneporejo, 2005 Barurejo
351023 Tegalsari: 2001 Tegalsari, 2002 Karangdoro, 2003 Tamansari, 2004 Dasri, 2005 Karangmulyo, 2006 Tegalrejo
351024 Licin: 2001 Gumuk, 2002 Jelun, 2003 Licin, 2004 Banjar, 2005 Segobang, 2006 Pakel, 2007 Kluncing, 2008 Tamansari
351025 Blimbingsari: 2001 Blimbingsari, 2002 Kaotan, 2003 Watukebo, 2004 Gintangan, 2005 Bomo, 2006 Patoman, 2007 Kaligung, 2008 Karangrejo, 2009 Badean, 2010 Sukojati
`

const everyVillage: readonly VillageRow[] = districts
  .trim()
  .split('\n')
  .flatMap((line) => {
    const [head = '', list = ''] = line.split(': ')
    const [code = '', district = ''] = [head.slice(0, 6), head.slice(7)]
    return list.split(', ').map((village) => ({
      village: code + village.slice(0, 4),
      kind: village.startsWith('1') ? ('kelurahan' as const) : ('desa' as const),
      name: village.slice(5),
      district_code: code,
      district,
    }))
  })

const isExample = ({ village }: { village: string }) => demoVillages.some((one) => one.village === village)

/** All of them, the demo's examples first. */
export const regencyVillages: readonly VillageRow[] = [
  ...demoVillages.flatMap(({ village }) => everyVillage.filter((one) => one.village === village)),
  ...everyVillage.filter((one) => !isExample(one)),
]
