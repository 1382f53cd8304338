"""Synonyms: everyday words that people ask with, and those that documents say it with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from codexity.analysis import stem

_GROUPS: Final = """
buy bought purchase acquire order
hours times
phone telephone call ring dial extension mobile
start begin begun launch commence
end finish stop expire terminate over until
job work employment
client customer
present gift
picture photo photograph image
laptop notebook computer
car vehicle auto automobile
bike bicycle
salary wage pay payment money
holiday vacation leave
ill sick illness
lose lost loss missing leak drip
gather assemble assembly meet meeting
wet damp moist
repair fix mend service
delete remove erase drop
show display print see view watch look
limit restrict maximum cap
make create produce build built
allow allowed permit permitted may
guarantee warranty
carry load payload
power electricity
rent lease hire
firm company business enterprise contractor
fire burn
order sequence
fast quick speed rate
guide manual handbook instructions
child children kid
doctor physician
boss manager head lead chief
colleague coworker
forbidden prohibited banned
kilo kilos kilogram kg weight
area square m²
error fault failure problem
website site homepage
write wrote written author
found founded foundation establish
die died death
big large size
small little
old age
near close beside
choose choice select selection pick
sell sale sold
change alter modify replace swap
shut closed close
bin rubbish waste garbage trash
supply supplier supplies deliver delivery
ship send post
help support
film movie
flat apartment
shop store
holiday bank-holiday
city town
street road
lift elevator
tap faucet
cellar basement
autumn fall
petrol gas fuel
plane aircraft airplane
ask request apply
answer reply respond response
drink beverage
food meal
prepare prepared preparation
arrive arrival come
leave depart departure
live dwell reside
inhabitants population
marry married wife husband spouse
born birth
win won winner victory
teach teacher taught
own owner
lead leader led
prize award
football soccer
abroad foreign
salary income
quit resign notice
fee charge
strict strictly
drain drainage
gatherings meetings
doctor physician practitioner gp
pharmacy chemist pharmacist drugstore
hospital clinic
medicine medication drug tablet pill
stove oven cooker
fridge refrigerator freezer
tv television telly
bathroom toilet restroom lavatory loo
couch sofa settee
curtain blind
laundry washing
bedclothes bedding linen sheet
hoover vacuum
key lock
shed hut cabin
garden yard lawn
parcel package packet
letter post mail
neighbour neighbor
guest visitor
dog puppy
boot shoe
trousers pants
coat jacket
ship boat vessel
parking park
lorry truck
motorway highway
railway railroad train
luggage baggage suitcase
journey trip travel
ticket fare
timetable schedule roster rota
apprentice trainee intern
employee staff personnel worker
hire recruit recruitment
dismiss dismissal fire redundancy
payslip payroll salary
expense reimburse reimbursement refund
invoice bill
receipt voucher
discount rebate reduction
deadline due
agenda minutes
appointment meeting
canteen cafeteria
lunch noon midday
lorry van
warehouse storeroom stock
purchase procurement
complain complaint
quiet silent silence noise
smash broken break
mistake error
login logon signin log-in
logout logoff signout
password passphrase passcode
user account
settings configuration config options preferences
directory folder
reboot restart
launch run start
shutdown halt stop
cancel abort interrupt
crash fail failure
freeze hang stuck
retry repeat again
upgrade update
install installation setup
uninstall remove
duplicate identical copy
backup copy
notice notification alert
encrypt encryption cipher
memory ram
disk disc storage
cpu processor
server host
screen monitor display
keyboard keys
printer print
attachment attach
search find look
concurrent parallel simultaneous
timeout expire
slow delay latency
version release
bug defect fault error
permission access right
grey gray
colour color
kerb curb
tyre tire
"""

_SHORT_FORMS: Final = """
monday mon
tuesday tue tues
wednesday wed
thursday thu thur thurs
friday fri
saturday sat
sunday sun
maximum max
minimum min
telephone phone tel
temperature temp
department dept
address addr
hours hrs
approximately approx
birthday birth born dob
"""


@lru_cache(maxsize=1)
def _by_stem() -> Mapping[str, frozenset[str]]:
    return _grouped(_GROUPS)


@lru_cache(maxsize=1)
def _by_short_form() -> Mapping[str, frozenset[str]]:
    return _grouped(_SHORT_FORMS)


def _grouped(lines: str) -> Mapping[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for line in lines.split("\n"):
        group = {stem(word) for word in line.split()}
        for one in group:
            found[one] |= group - {one}
    return {one: frozenset(others) for one, others in found.items()}


def short_forms(stem_of_word: str) -> frozenset[str]:
    """The stems of the same word written short, or in full: `wed` of `wednesday`."""
    return _by_short_form().get(stem_of_word, frozenset())


def everyday(stem_of_word: str) -> frozenset[str]:
    """The stems of English words that mean nearly the same; empty for most."""
    return _by_stem().get(stem_of_word, frozenset())
