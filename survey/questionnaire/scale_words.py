"""Words of scales in English and German, from less to more.

Adverbs grade a quality ("very important"); listed scales have words of their own.
"""

import re
from typing import Final

from survey.importers.labels import comparable

_INTENSITY: Final = {
    "not at all": 0.0,
    "not": 0.2,
    "not so": 0.6,
    "not very": 0.6,
    "not too": 0.6,
    "not particularly": 0.6,
    "hardly": 0.5,
    "slightly": 1.0,
    "a little": 1.0,
    "a bit": 1.0,
    "somewhat": 1.3,
    "rather": 1.5,
    "moderately": 2.0,
    "fairly": 2.1,
    "": 2.5,
    "quite": 2.7,
    "mostly": 2.8,
    "very": 3.0,
    "highly": 3.2,
    "strongly": 3.4,
    "extremely": 4.0,
    "completely": 4.0,
    "totally": 4.0,
    "fully": 4.0,
    "überhaupt nicht": 0.0,
    "gar nicht": 0.0,
    "nicht": 0.2,
    "nicht sehr": 0.6,
    "weniger": 0.8,
    "kaum": 0.5,
    "wenig": 1.0,
    "etwas": 1.2,
    "eher": 1.5,
    "mäßig": 2.0,
    "ziemlich": 2.7,
    "sehr": 3.0,
    "äußerst": 4.0,
    "voll": 4.0,
    "völlig": 4.0,
}
ADVERBS: Final = {comparable(adverb): size for adverb, size in _INTENSITY.items()}
OPPOSITE: Final = {
    "disagree": "agree",
    "ineffective": "effective",
    "unimportant": "important",
    "insignificant": "significant",
    "unlikely": "likely",
    "dissatisfied": "satisfied",
    "unsatisfied": "satisfied",
    "unfavorable": "favorable",
    "unfavorably": "favorably",
    "unfamiliar": "familiar",
    "uncomfortable": "comfortable",
    "unconcerned": "concerned",
    "negative": "positive",
    "difficult": "easy",
    "insecure": "secure",
    "unwichtig": "wichtig",
    "unzufrieden": "zufrieden",
    "unwahrscheinlich": "wahrscheinlich",
    "negativ": "positiv",
    "schlecht": "gut",
    "schwierig": "einfach",
}
NEUTRAL = re.compile(
    r"neutral|neither\b.{0,40}|undecided|no difference|(about )?the same"
    r"|teils[/, -]*teils|weder noch|unentschieden|unverändert"
)
# One scale in each paragraph, from less to more; words of the same step after "/".
_SCALES: Final = """
never < almost never/hardly ever/very rarely < rarely/seldom < occasionally <
sometimes < often/frequently/regularly/usually < very often/very frequently/most
of the time < almost always/nearly always < always/all the time

very poor < poor/below average < average < good/above average < excellent

never < less than once a month/less often/less often than monthly <
yearly/annually < quarterly < monthly/once a month/a few times a month/several times a
month < weekly/once a week/a few times a week/several times a week < almost daily <
daily/once a day/every day < several times a day/multiple times a day < hourly

nie/niemals < fast nie < selten/seltener < gelegentlich < manchmal < mehrmals
pro monat/monatlich < mehrmals pro woche/wöchentlich < oft/häufig < sehr
oft/sehr häufig < fast täglich < täglich < fast immer < immer

very poor < poor < fair < average < good < very good < excellent

very low < low < medium/moderate < high < very high

sehr gering/sehr niedrig < gering/niedrig < mittel < hoch < sehr hoch

not at all/no extent/to no extent < very little/to a very small extent < a
little/to a small extent/to a limited extent/slightly < somewhat/to some extent
< moderately/to a moderate extent < a lot/to a large extent/to a great
extent/considerably < a great deal/to a very great extent/to a very large
extent/completely

gar nicht/überhaupt nicht < in geringem maße < teilweise/in mittlerem maße < in
hohem maße < in sehr hohem maße/vollständig

stimme überhaupt nicht zu/stimme gar nicht zu < stimme nicht zu/lehne ab <
stimme eher nicht zu < teils, teils/teils teils/weder noch/neutral < stimme eher
zu < stimme zu < stimme voll zu/stimme voll und ganz zu/stimme völlig zu

trifft überhaupt nicht zu/trifft gar nicht zu < trifft nicht zu < trifft eher
nicht zu < teils, teils/teils teils < trifft eher zu < trifft zu < trifft voll
zu/trifft voll und ganz zu

decrease significantly/significantly decrease/decrease a lot < decrease/decrease
somewhat/decrease slightly/slightly decrease < stay the same/remain the same/no
change/about the same < increase/increase somewhat/increase slightly/slightly
increase < increase significantly/significantly increase/increase a lot

decrease strongly/strongly decrease < decrease < decrease slightly < stay the
same/remain the same/no change < increase slightly < increase < increase
strongly/strongly increase

none < a few/few < some < many/about half < most < all/nearly all

not a topic/no plans/no plans to use/not planned/not considering/not considered < under
discussion/considering/in consideration/evaluating/under evaluation/exploring < planned/
planning/planned within 12 months < pilot/piloting/pilot or trial/pilot phase/testing/
experimenting/proof of concept/in testing < in production/in use/in productive use/
implemented/deployed/fully deployed/fully implemented

kein thema/nicht geplant/keine pläne < in diskussion/in der diskussion/in prüfung <
geplant/in planung < pilot/pilotphase/pilotprojekt/in erprobung/pilot oder erprobung/im
test < im einsatz/im produktiven einsatz/produktiv/in produktion/produktiv im einsatz

under ten < tens < hundreds < thousands < tens of thousands < hundreds of
thousands/hundreds of thousands or more < millions

beginner < intermediate < advanced < expert

small < medium < large

klein < mittel < groß
"""
STEPS: Final = tuple(
    tuple(
        tuple(word.strip() for word in step.split("/"))
        for step in comparable(scale).split(" < ")
    )
    for scale in _SCALES.split("\n\n")
)
