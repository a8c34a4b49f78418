"""Telegrams of French meters, typed from descriptions that others published, with the check characters given there.

HOURS, TEMPO: meters of the mode historique (hallard/LibTeleinfo, esciara/pyteleinfo docs). LINKY: a frame of the mode
standard with 38 groups (hekmon/linkytic). Each line is a group; "~" stands for the tabulator.
"""

HOURS = """\
ADCO 050022120078 2
OPTARIF HC.. <
ISOUSC 45 ?
HCHC 077245863 0
HCHP 096228446 <
PTEC HP..  
IINST 002 Y
IMAX 044 G
PAPP 00480 -"""  # noqa: W291  # the check of PTEC is a blank
TEMPO = """\
ADCO 021861348497 L
OPTARIF BBR( S
ISOUSC 30 9
BBRHCJB 018328702 <
BBRHPJB 023739545 P
BBRHCJW 001466099 U
BBRHPJW 002132883 Z
BBRHCJR 000860118 E
BBRHPJR 000844115 Q
PTEC HCJB C
DEMAIN ROUG +
IINST 012 Z
IMAX 090 H
PAPP 02830 .
HHPHC A ,
MOTDETAT 000000 B"""
BURST = """\
ADIR1 001 "
ADCO 123456789012 G
IINST1 001 I
IINST2 009 R
IINST3 000 J"""
THREE = """\
ADCO 123456789012 G
IINST1 001 I
IINST2 009 R
IINST3 000 J
IMAX1 060 6
PMAX 08611 6
PAPP 00540 *
PPOT 00 #"""
LINKY = """\
ADSC~12345678900~J
VTIC~02~J
DATE~H191203125805~~F
NGTF~ HC et Week-End ~U
LTARF~ HEURE  CREUSE  ~K
EAST~017026175~,
EASF01~004432429~>
EASF02~009236697~M
EASF03~003357049~C
EASF04~000000000~%
EASF05~000000000~&
EASF06~000000000~'
EASF07~000000000~(
EASF08~000000000~)
EASF09~000000000~*
EASF10~000000000~"
EASD01~003706174~<
EASD02~008070105~6
EASD03~001746697~J
EASD04~003503199~A
IRMS1~002~0
URMS1~232~A
PREF~09~H
PCOUP~09~"
SINSTS~00519~U
SMAXSN~H191203032158~05706~B
SMAXSN-1~H191202171658~05661~(
CCASN~H191203120000~00521~6
CCASN-1~H191203110000~00415~U
UMOY1~H191203125000~232~-
STGE~003A8000~A
MSG1~PAS DE          MESSAGE         ~<
PRM~01234567890123~4
RELAIS~001~C
NTARF~01~N
NJOURF~00~&
NJOURF+1~00~B
PJOURF+1~00008002 0256C001 07568002 1156C001 14568002 NONUTILE NONUTILE NONUTILE NONUTILE NONUTILE NONUTILE~:"""
SINGLE = (  # groups by themselves, with the check characters of their sources
    "ADPS 046 B",
    "PEJP 30 R",
    "PTEC PM.. %",
    "PTEC TH.. $",
    "DEMAIN ---- \"",
    "OPTARIF BASE 0",
    "BASE 000111775 !",
    "DATE~E200426181830~~A",
    "SMAXSN~E200426132229~06100~2",
    "UMOY1~E200426181000~234~,",
    "STGE~003A0001~:",
    "PRM~01332272002530~_",
    "SINSTI~00000~<",
)  # fmt: skip


def bodies(typed: str) -> list[bytes]:
    return [line.replace("~", "\t").encode("ascii") for line in typed.split("\n")]


def content(typed: str) -> bytes:
    """What stands between STX and ETX."""
    return b"".join(b"\n" + body + b"\r" for body in bodies(typed))


def sent(typed: str) -> bytes:
    return b"\x02" + content(typed) + b"\x03"


def with_parity(plain: bytes) -> bytes:
    """As a port of eight bits brings 7E1."""
    return bytes(byte | (byte.bit_count() % 2) << 7 for byte in plain)
