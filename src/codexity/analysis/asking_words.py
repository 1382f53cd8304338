"""Words of a question that only ask, in several languages."""

from __future__ import annotations

from typing import Final

WEAK: Final = frozenset(
    """many much long often old far tall high large big number amount mean means meaning called
    call name named cost costs price prices pay paid date dates address
    year years month day days time times hour hours minutes
    phone telephone colour color colours colors temperature percentage weigh weighs
    age exactly actually currently generally usually really need needs
    want like know find give show list say says said please kind kinds type types sort sorts way
    ways thing things work works happen happens make makes take takes go goes come comes
    came went start starts begin begins put puts keep keeps possible allowed able must may
    also whole someone somebody anyone anybody
    something anything one two per each every different first last next another instead rather
    else ever whoever whomever sure along ahead still oh hi hello hey thanks wonder wondering sorry
    ok okay ones somewhere anywhere everything bit lot lots maybe already
    appear appears forbidden prohibited banned
    done doing taken taking took made making needed wanted happened happening
    viel viele wieviel lange heißt heißen da statt findet finden los name
    kostet kosten preis darf dürfen muss müssen soll
    sollen mag geht gehen macht machen passiert passieren geschieht jetzt höchstens mindestens
    welchen welchem wie combien quand
    durée coûte prix peut doit faut faire heure quelle quelles quels est-elle est-il elle cuánto
    cuánta cuántos cuántas cuándo cuando cuesta precio puede debe hay hacer quién cuál cuáles dónde
    cómo hora pasa sucede passe gebeurt händer sker skjer tapahtuu""".split()
)
"""What only asks, in the words of several languages."""
VAGUE: Final = frozenset(
    """change changed help matter wrong right best fine problem problems normal advice advise next
    correct option options alternative trouble done worry bad better good advisable
    sensible""".split()
)
"""What a clause that asks may have and yet not say of what: "what should I change"."""
MEASURES: Final = frozenset(
    """old far tall high large big heavy fast deep wide thick hot cold warm loud strong early late
    soon quickly hoch groß lang alt weit schwer breit tief dick schnell spät früh teuer heiß kalt
    warm laut stark""".split()
)
MEASURING: Final = frozenset(("how", "wie"))
"""Behind these the measures only ask: "wie hoch ist die Miete" is not about what is high."""
THINGS: Final = frozenset(
    """bed shed seed weed feed need reed breed sled red biped hundred shred bloodshed seabed
    flowerbed watershed infrared thoroughbred family fly supply reply jelly belly lily ally bully
    july butterfly assembly anomaly monopoly dragonfly folly gully holly bodily""".split()
)
"""What ends as participles and adverbs do and is a thing."""
