"""What every fault means: a code, why it is one, an example of it, and how it is mended, in Dutch and in English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from trainingrules.words import Text

# Where the example of a page stands: in a file of this sort, or on the command line.
Where = Literal["policy", "catalogue", "examples", "facts", "command"]


@dataclass(frozen=True, slots=True)
class Page:
    """The explanation of one fault, or of a few that are the same thing.

    ``wrong`` gives the fault and ``right`` does not; both are parts of what ``where`` says, and are empty where
    nothing can be shown.
    """

    codes: tuple[str, ...]
    title: Text
    means: Text
    mend: Text
    wrong: str = ""
    right: str = ""
    where: Where = "policy"


_TEXT = (
    Page(
        ("file-missing", "file-kind", "file-unreadable", "no-policy"),
        Text("Er is niets te lezen", "There is nothing to read"),
        Text("Het genoemde bestand of beleid bestaat niet, is een map, of mag niet worden gelezen. Er is dus niets "
             "gecontroleerd.",
             "The file or policy that was named does not exist, is a folder, or may not be read. So nothing was "
             "checked."),
        Text("Kijk de naam en de map na. `trainingrules list` noemt de beleidsregels die zijn meegeleverd; al het "
             "andere is het pad van een bestand.",
             "Check the name and the folder. `trainingrules list` names the policies that come along; anything else is "
             "the path of a file."),
        "trainingrules check policies/beekepers.yaml", "trainingrules check policies/beekeepers.yaml", "command",
    ),
    Page(
        ("encoding",),
        Text("Het bestand is niet als UTF-8 opgeslagen", "The file is not saved as UTF-8"),
        Text("Letters als é en het euroteken staan anders in het bestand dan waar overal op wordt gerekend. Wie dan "
             "raadt, leest een ander woord dan er staat.",
             "Letters such as é, and the euro sign, are stored otherwise than is expected everywhere. Guessing would "
             "read another word than was written."),
        Text("Sla het bestand opnieuw op als UTF-8. In VS Code: klik rechtsonder op de codering, dan ‘Opslaan met "
             "codering’, dan UTF-8.",
             "Save the file again as UTF-8. In VS Code: click the encoding at the bottom right, then ‘Save with "
             "Encoding’, then UTF-8."),
    ),
    Page(
        ("empty-text",),
        Text("Het bestand is leeg", "The file is empty"),
        Text("Er staat niets in, of alleen opmerkingen. Een leeg bestand is geen beleid, en vaak een bestand dat niet "
             "is opgeslagen.",
             "Nothing stands in it, or comments only. An empty file is no policy, and often one that was not saved."),
        Text("Begin met de kop van een beleid, of neem het begin van een bestaand beleid over.",
             "Begin with the head of a policy, or take over the beginning of an existing one."),
    ),
    Page(
        ("too-large", "too-many-nodes", "too-deep", "text-too-long", "too-many", "too-many-faults"),
        Text("Meer dan wordt gelezen", "More than is read"),
        Text("Een tekst, een lijst of een definitie is veel groter of dieper dan een beleid ooit is. Om te voorkomen "
             "dat lezen eindeloos duurt, houdt het hier op.",
             "A text, a list or a definition is far larger or deeper than a policy ever is. Lest reading takes for "
             "ever, it stops here."),
        Text("Maak het kleiner: splits een definitie, of knip het bestand. Staan er te veel fouten in, verhelp dan de "
             "eerste en controleer opnieuw.",
             "Make it smaller: split a definition, or cut the file. Where there are too many faults, mend the first "
             "ones and check again."),
    ),
    Page(
        ("syntax",),
        Text("De regel is geen leesbare YAML", "The line is not readable YAML"),
        Text("Een spatie na een dubbelepunt, een aanhalingsteken of een haakje ontbreekt of staat verkeerd, of regels "
             "die bij elkaar horen beginnen niet in dezelfde kolom. Wat erna komt, kan niet worden gelezen.",
             "A space after a colon, a quote or a bracket is missing or misplaced, or lines that belong together do "
             "not begin in the same column. What comes after it cannot be read."),
        Text("Verbeter de aangewezen regel; kijk ook naar de regel erboven. Zet een zin met `:` `,` `?` of `#` tussen "
             "aanhalingstekens of op een eigen regel.",
             "Mend the line that is pointed at; look at the line above too. Put a sentence with `:` `,` `?` or `#` in "
             "quotes or on a line of its own."),
        "facts:\n  helper: {kind:boolean, nl: Helper, en: Helper}",
        "facts:\n  helper: {kind: boolean, nl: Helper, en: Helper}",
    ),
    Page(
        ("indentation",),
        Text("Een regel springt niet ver genoeg in", "A line is not indented far enough"),
        Text("De regel gaat door met wat erboven staat, maar begint zo ver naar links dat hij bij iets anders lijkt te "
             "horen.",
             "The line goes on with what stands above, yet begins so far to the left that it seems to belong to "
             "something else."),
        Text("Laat de regel verder inspringen dan de sleutel waar hij bij hoort.",
             "Indent the line further than the key it belongs to."),
        "facts:\n  helper: {kind: boolean, nl: Helper,\n  en: Helper}",
        "facts:\n  helper: {kind: boolean, nl: Helper,\n    en: Helper}",
    ),
    Page(
        ("tab",),
        Text("Er staat een tab in de regel", "A tab stands in the line"),
        Text("Een tab is op elk scherm anders breed, dus hoe ver een regel inspringt is niet te zien. YAML staat geen "
             "tabs toe om in te springen.",
             "A tab is as wide as each screen likes, so how far a line is indented cannot be seen. YAML allows no tabs "
             "to indent."),
        Text("Gebruik spaties, twee per stap. De meeste editors zetten een tab vanzelf om als dat zo is ingesteld.",
             "Use spaces, two a step. Most editors turn a tab into spaces when told to."),
        "facts:\n  helper:\n\t\tkind: boolean\n\t\tnl: Helper\n\t\ten: Helper",
        "facts:\n  helper:\n    kind: boolean\n    nl: Helper\n    en: Helper",
    ),
    Page(
        ("character",),
        Text("Een teken dat niet te zien is", "A character that cannot be seen"),
        Text("In de tekst staat een onzichtbaar teken, vaak meegekomen met knippen en plakken. Wat er staat is dan "
             "niet wat men leest.",
             "The text holds an invisible character, which often comes with copy and paste. What stands there is then "
             "not what one reads."),
        Text("Verwijder het teken, of typ het woord opnieuw.", "Remove the character, or type the word again."),
        "facts:\n  helper: {kind: boolean, nl: \u202eHelper, en: Helper}",
        "facts:\n  helper: {kind: boolean, nl: Helper, en: Helper}",
    ),
    Page(
        ("alias", "anchor", "tag", "merge-key", "directive", "several-documents"),
        Text("Een onderdeel van YAML dat een beleid niet gebruikt", "A part of YAML that a policy does not use"),
        Text("Met `&`, `*`, `<<`, `!`, `%` en `---` kan YAML naar andere plaatsen verwijzen of iets anders betekenen "
             "dan er staat. Een beleid zegt alles op zijn plaats, zodat iedereen het kan voorlezen.",
             "With `&`, `*`, `<<`, `!`, `%` and `---` YAML can refer to other places or mean something else than it "
             "says. A policy says everything in its place, so that anybody can read it aloud."),
        Text("Schrijf uit wat er bedoeld is. Is het een tekst die met zo'n teken begint, zet die dan tussen "
             "aanhalingstekens.",
             "Write out what is meant. If it is a text that begins with such a mark, put it in quotes."),
        "facts:\n  helper: &same {kind: boolean, nl: Helper, en: Helper}",
        "facts:\n  helper: {kind: boolean, nl: Helper, en: Helper}",
    ),
    Page(
        ("bare-word",),
        Text("Een woord dat de een als ja leest en de ander als tekst",
             "A word that is a yes to some and a text to others"),
        Text("`yes`, `no`, `on`, `off` en `~` betekenen voor het ene programma waar of niet waar, en zijn voor het "
             "andere gewoon tekst. Daarom worden ze geweigerd.",
             "`yes`, `no`, `on`, `off` and `~` mean true or false to one program, and are mere text to the next. That "
             "is why they are refused."),
        Text("Schrijf `true`, `false` of `null`. Is het woord als tekst bedoeld, zet het dan tussen aanhalingstekens: "
             "`en: \"Yes\"`.",
             "Write `true`, `false` or `null`. If the word is meant as a text, put it in quotes: `en: \"Yes\"`."),
        "terms:\n  guest: {nl: Gast, en: Guest, source: [BEE-02], holds: {member: {is: no}}}",
        "terms:\n  guest: {nl: Gast, en: Guest, source: [BEE-02], holds: {member: {is: false}}}",
    ),
    Page(
        ("number",),
        Text("Een getal in een ongewone schrijfwijze", "A number in an unusual notation"),
        Text("`1_000`, `+5`, `007`, `.5`, `1e3` en `9:30` lezen verschillende programma's verschillend. Er wordt niet "
             "geraden.",
             "Different programs read `1_000`, `+5`, `007`, `.5`, `1e3` and `9:30` differently. Nothing is guessed."),
        Text("Schrijf het getal voluit, met een punt voor decimalen. Zet het tussen aanhalingstekens als het een tekst "
             "is, zoals een postcode.",
             "Write the number in full, with a point before decimals. Put it in quotes if it is a text, such as a "
             "postcode."),
        "facts:\n  hives_kept: {kind: integer, at_most: 1_000, nl: Kasten, en: Hives kept}",
        "facts:\n  hives_kept: {kind: integer, at_most: 1000, nl: Kasten, en: Hives kept}",
    ),
    Page(
        ("duplicate-key",),
        Text("Dezelfde naam staat er twee keer", "The same name is given twice"),
        Text("Onder één kop staan twee dingen met dezelfde naam; vaak is een regel geplakt en nog niet hernoemd. Een "
             "ander programma zou zonder iets te zeggen alleen de laatste lezen.",
             "Two things under one heading have the same name; often a rule was pasted and not yet renamed. Another "
             "program would read the last one only, and say nothing."),
        Text("Geef een van de twee een andere naam, voeg ze samen, of haal er een weg.",
             "Give one of the two another name, put them together, or take one out."),
        "facts:\n  helper: {kind: boolean, nl: Helper, en: Helper}\n  helper: {kind: date, nl: Helper, en: Helper}",
        "facts:\n  helper: {kind: boolean, nl: Helper, en: Helper}\n"
        "  helper_since: {kind: date, nl: Helper sinds, en: Helper since}",
    ),
    Page(
        ("key-kind", "no-key"),
        Text("Voor de dubbelepunt hoort een naam", "A name belongs before the colon"),
        Text("Voor de dubbelepunt staat niets, een lijst, of een woord dat iets anders dan een naam betekent.",
             "Before the colon stands nothing, a list, or a word that means something else than a name."),
        Text("Schrijf een naam voor de dubbelepunt, zo nodig tussen aanhalingstekens.",
             "Write a name before the colon, in quotes if need be."),
        "facts:\n  true: {kind: boolean, nl: Helper, en: Helper}",
        "facts:\n  helper: {kind: boolean, nl: Helper, en: Helper}",
    ),
    Page(
        ("no-value",),
        Text("Achter de naam staat niets", "Nothing stands after the name"),
        Text("De waarde is leeg gebleven, of een komma binnen haakjes heeft de zin of het bedrag afgebroken. Leeg is "
             "geen antwoord: niet bekend, niet vermeld en niet aanwezig zijn drie verschillende dingen.",
             "The value was left empty, or a comma within brackets has cut off the sentence or the amount. Empty is no "
             "answer: not known, not stated and not there are three different things."),
        Text("Vul de waarde in, of haal de sleutel weg. Schrijf `not_stated` als de bron het niet zegt, en een bedrag "
             "met een punt.",
             "Fill in the value, or remove the key. Write `not_stated` where the source does not say, and an amount "
             "with a point."),
        "amounts:\n  exam: [{from: 2026-01-01, value: 60,00, vat: excluded, certainty: exact, source: [BEE-04]}]",
        "amounts:\n  exam: [{from: 2026-01-01, value: 60.00, vat: excluded, certainty: exact, source: [BEE-04]}]",
    ),
    Page(
        ("section-order",),
        Text("De onderdelen staan in een andere volgorde dan gebruikelijk", "The sections are out of their order"),
        Text("Dit is een waarschuwing: het beleid werkt. Maar alle beleidsregels hebben dezelfde volgorde, van kop en "
             "feiten naar regels en notities, zodat iedereen alles terugvindt.",
             "This is a warning: the policy works. But all policies have the same order, from the head and the "
             "facts to the rules and the notes, so that everybody finds everything."),
        Text("Verplaats het onderdeel. `trainingrules check --fix` doet dat, met opmerkingen en witregels.",
             "Move the section. `trainingrules check --fix` does, with its comments and blank lines."),
        "notes:\n  thanks: {kind: information, nl: Dank., en: Thanks., source: [BEE-02]}\n"
        "conflicts:\n  prices: {nl: Prijzen, en: Prices, between: [BEE-04, BEE-05], outcome: warn}",
        "conflicts:\n  prices: {nl: Prijzen, en: Prices, between: [BEE-04, BEE-05], outcome: warn}\n"
        "notes:\n  thanks: {kind: information, nl: Dank., en: Thanks., source: [BEE-02]}",
    ),
)  # fmt: skip

_SHAPE = (
    Page(
        ("unknown-key",),
        Text("Deze sleutel bestaat hier niet", "This key does not exist here"),
        Text("De sleutel is verkeerd gespeld, of hoort op een andere plaats. Niets wordt stilzwijgend overgeslagen, "
             "want dan zou een regel weg kunnen vallen zonder dat iemand het merkt.",
             "The key is misspelt, or belongs to another place. Nothing is skipped in silence, for then a rule could "
             "drop out without anybody noticing."),
        Text("Neem de voorgestelde naam over, of kijk of de regel wel onder de juiste kop en even ver ingesprongen "
             "staat.",
             "Take the name that is suggested, or see whether the line stands below the right heading and is indented "
             "as it should be."),
        "terms:\n  guest: {nl: Gast, en: Guest, sorce: [BEE-02], holds: {member: {is: false}}}",
        "terms:\n  guest: {nl: Gast, en: Guest, source: [BEE-02], holds: {member: {is: false}}}",
    ),
    Page(
        ("wrong-key",),
        Text("Deze sleutel past niet bij de rest", "This key does not go with the rest"),
        Text("De sleutel bestaat, maar niet bij deze soort: een ja-of-nee-feit heeft geen eenheid, en alleen een "
             "geschiedenis heeft velden.",
             "The key exists, but not with this kind: a yes-or-no fact has no unit, and only a history has fields."),
        Text("Haal de sleutel weg, of kies de soort waar hij bij hoort.",
             "Take the key out, or choose the kind it belongs to."),
        "facts:\n  helper: {kind: boolean, unit: months, nl: Helper, en: Helper}",
        "facts:\n  helper: {kind: boolean, nl: Helper, en: Helper}",
    ),
    Page(
        ("missing-key",),
        Text("Er ontbreekt een sleutel", "A key is missing"),
        Text("Zonder deze sleutel is niet te zeggen wat er bedoeld is; er wordt niets ingevuld dat er niet staat.",
             "Without this key one cannot tell what is meant; nothing is filled in that is not there."),
        Text("Voeg de sleutel toe. In een rij van een tabel: schrijf `not_stated` als de bron het niet zegt.",
             "Add the key. In a row of a table: write `not_stated` where the source does not say."),
        "facts:\n  waiting: {kind: duration, nl: Wachttijd, en: Waiting time}",
        "facts:\n  waiting: {kind: duration, unit: weeks, nl: Wachttijd, en: Waiting time}",
    ),
    Page(
        ("missing-translation",),
        Text("De Nederlandse of Engelse tekst ontbreekt", "The Dutch or the English text is missing"),
        Text("Alles wat iemand te lezen krijgt, staat er in het Nederlands en in het Engels.",
             "Everything that a person gets to read stands in Dutch and in English."),
        Text("Voeg `nl` of `en` toe.", "Add `nl` or `en`."),
        "facts:\n  helper: {kind: boolean, nl: Helper}",
        "facts:\n  helper: {kind: boolean, nl: Helper, en: Helper}",
    ),
    Page(
        ("no-source",),
        Text("De bron ontbreekt", "The source is missing"),
        Text("Elke regel noemt de uitspraken van de bron waarop hij rust. Zonder bron kan niemand nagaan of de regel "
             "klopt, en merkt niemand dat de bron is veranderd.",
             "Every rule names the statements of the source it rests on. Without them nobody can verify the rule, and "
             "nobody notices that the source has changed."),
        Text("Voeg `source: [...]` toe met de nummers uit de catalogus.",
             "Add `source: [...]` with the ids of the catalogue."),
        "terms:\n  guest: {nl: Gast, en: Guest, holds: {member: {is: false}}}",
        "terms:\n  guest: {nl: Gast, en: Guest, source: [BEE-02], holds: {member: {is: false}}}",
    ),
    Page(
        ("unknown-operator",),
        Text("Deze vergelijking bestaat niet", "There is no such operator"),
        Text("Na een feit staat hoe het wordt vergeleken: `at_least`, `is`, `before` en zo verder. Tekens zoals `>=` "
             "horen daar niet bij.",
             "After a fact stands how it is compared: `at_least`, `is`, `before` and so on. Signs such as `>=` are not "
             "among them."),
        Text("Neem de voorgestelde naam over. Alle vergelijkingen staan in de [lijst](reference.md#operators).",
             "Take the name that is suggested. All of them are in the [list](reference.md#operators)."),
        "terms:\n  expert: {nl: Kenner, en: Expert, source: [BEE-02], holds: {experience: {atleast: 5 years}}}",
        "terms:\n  expert: {nl: Kenner, en: Expert, source: [BEE-02], holds: {experience: {at_least: 5 years}}}",
    ),
    Page(
        ("no-operator",),
        Text("Er staat niet hoeveel rijen", "How many rows is not said"),
        Text("Een tabel of geschiedenis wordt geteld. `where` kiest rijen, maar zegt nog niet hoeveel het er moeten "
             "zijn.",
             "A table or history is counted. `where` picks rows, but does not say how many there must be."),
        Text("Zet er een vergelijking bij, zoals `at_least: 1`.", "Add an operator, such as `at_least: 1`."),
        "terms:\n  teaches: {nl: Geeft les, en: Teaches, source: [BEE-09], "
        "holds: {lessons: {where: {pupils: {at_least: 5}}}}}",
        "terms:\n  teaches: {nl: Geeft les, en: Teaches, source: [BEE-09], "
        "holds: {lessons: {where: {pupils: {at_least: 5}}, at_least: 1}}}",
    ),
    Page(
        ("wrong-operator",),
        Text("Deze vergelijking past niet bij het feit", "This operator does not go with the fact"),
        Text("Een dag is niet ‘ten minste’ een dag maar ‘op of na’, en een voorwaarde met een naam is alleen waar of "
             "niet waar.",
             "A day is not ‘at least’ a day but ‘on or after’, and a condition with a name is only true or false."),
        Text("Kies een vergelijking die bij de soort van het feit past; de melding noemt ze.",
             "Choose an operator that goes with the kind of the fact; the message names them."),
        "terms:\n  early: {nl: Vroeg, en: Early, source: [BEE-08], holds: {notice_on: {at_most: 2026-03-01}}}",
        "terms:\n  early: {nl: Vroeg, en: Early, source: [BEE-08], holds: {notice_on: {on_or_before: 2026-03-01}}}",
    ),
    Page(
        ("unknown-option",),
        Text("Dit is niet een van de mogelijkheden", "This is not one of the options"),
        Text("Hier kan alleen een van een paar vaste woorden staan, en dit is er geen van.",
             "Only one of a few fixed words can stand here, and this is none of them."),
        Text("Neem een van de mogelijkheden die de melding noemt.", "Take one of the options that the message names."),
        "facts:\n  helper: {kind: bolean, nl: Helper, en: Helper}",
        "facts:\n  helper: {kind: boolean, nl: Helper, en: Helper}",
    ),
    Page(
        ("wrong-form",),
        Text("Dit is anders geschreven dan hier hoort", "This is written otherwise than it should be here"),
        Text("Namen, nummers van uitspraken, dagen en perioden hebben elk één schrijfwijze, zodat niemand hoeft te "
             "raden. Een dag begint met het jaar, en een periode staat in het Engels: `3 months`.",
             "Names, statement ids, days and periods are each written in one way, so that nobody has to guess. A day "
             "begins with the year, and a period is written as `3 months`."),
        Text("Schrijf het zoals de melding laat zien.", "Write it as the message shows."),
        "cycles:\n  season: {nl: Seizoen, en: Season, source: [BEE-07], starts: licensed_on, every: 6 maanden}",
        "cycles:\n  season: {nl: Seizoen, en: Season, source: [BEE-07], starts: licensed_on, every: 6 months}",
    ),
    Page(
        ("wrong-type",),
        Text("Hier hoort iets van een ander soort", "Something of another type belongs here"),
        Text("Er staat bijvoorbeeld een tekst waar een lijst hoort, een getal waar een tekst hoort, of een waarde "
             "zonder vergelijking ervoor.",
             "There is, say, a text where a list belongs, a number where a text belongs, or a value without an "
             "operator before it."),
        Text("Een lijst staat tussen `[` en `]`, een tekst die op een getal lijkt tussen aanhalingstekens, en voor een "
             "waarde staat een vergelijking: `{is: true}`.",
             "A list stands between `[` and `]`, a text that looks like a number in quotes, and a value has an "
             "operator before it: `{is: true}`."),
        "terms:\n  guest: {nl: Gast, en: Guest, source: BEE-02, holds: {member: {is: false}}}",
        "terms:\n  guest: {nl: Gast, en: Guest, source: [BEE-02], holds: {member: {is: false}}}",
    ),
    Page(
        ("wrong-kind",),
        Text("De waarde is niet van de soort die hier past", "The value is not of the kind that fits here"),
        Text("Een bedrag wordt met een bedrag vergeleken, een dag met een dag. Ook een bedrag met een komma of een "
             "euroteken, of een getal tussen aanhalingstekens, is geen getal.",
             "An amount is compared with an amount, a day with a day. An amount with a comma or a euro sign is no "
             "number either, nor is a number in quotes."),
        Text("Schrijf de waarde zoals de melding laat zien, of kies een feit van dezelfde soort.",
             "Write the value as the message shows, or choose a fact of the same kind."),
        "terms:\n  expert: {nl: Kenner, en: Expert, source: [BEE-02], holds: {experience: {at_least: true}}}",
        "terms:\n  expert: {nl: Kenner, en: Expert, source: [BEE-02], holds: {experience: {at_least: 5 years}}}",
    ),
    Page(
        ("empty",),
        Text("Hier hoort iets te staan", "Something belongs here"),
        Text("De lijst, de tekst of het onderdeel is leeg. Een lege voorwaarde zou altijd waar zijn, en een regel "
             "zonder bron is niet na te gaan.",
             "The list, the text or the section is empty. An empty condition would always hold, and a rule without a "
             "source cannot be verified."),
        Text("Vul het in, of haal de sleutel weg als die niet verplicht is.",
             "Fill it in, or take the key out if it is not required."),
        "terms:\n  guest: {nl: Gast, en: Guest, source: [], holds: {member: {is: false}}}",
        "terms:\n  guest: {nl: Gast, en: Guest, source: [BEE-02], holds: {member: {is: false}}}",
    ),
    Page(
        ("two-values",),
        Text("Hier past maar één waarde", "Only one value fits here"),
        Text("Een waarde heeft precies één sleutel. Bij twee is niet te zeggen welke telt.",
             "A value has exactly one key. With two, one cannot tell which counts."),
        Text("Houd er een over, of voeg ze samen met `total`, `least` of `greatest`.",
             "Keep one of them, or combine them with `total`, `least` or `greatest`."),
        "values:\n  last_day: {nl: Dag, en: Day, source: [BEE-08], value: {fact: notice_on, field: closes_on}}",
        "values:\n  last_day: {nl: Dag, en: Day, source: [BEE-08], value: {fact: notice_on}}",
    ),
    Page(
        ("twice",),
        Text("Hetzelfde staat twee keer in de lijst", "The same is listed twice"),
        Text("Dezelfde uitspraak wordt twee keer genoemd; vaak is een ander nummer bedoeld.",
             "The same statement is cited twice; often another id is meant."),
        Text("Noem elke uitspraak één keer.", "Name each statement once."),
        "terms:\n  guest: {nl: Gast, en: Guest, source: [BEE-02, BEE-02], holds: {member: {is: false}}}",
        "terms:\n  guest: {nl: Gast, en: Guest, source: [BEE-02], holds: {member: {is: false}}}",
    ),
    Page(
        ("out-of-bounds",),
        Text("Het getal is te klein", "The number is too small"),
        Text("Hier wordt geteld vanaf 1.", "Counting begins at 1 here."),
        Text("Schrijf 1 of meer, of haal de sleutel weg.", "Write 1 or more, or take the key out."),
        "cycles:\n  season: {nl: Seizoen, en: Season, source: [BEE-07], starts: licensed_on, every: 1 year, rounds: 0}",
        "cycles:\n  season: {nl: Seizoen, en: Season, source: [BEE-07], starts: licensed_on, every: 1 year, rounds: 1}",
    ),
    Page(
        ("impossible-date",),
        Text("Deze dag bestaat niet, of is anders geschreven", "There is no such day, or it is written otherwise"),
        Text("Een dag wordt geschreven als jaar-maand-dag. `1-3-2026` leest de een als 1 maart en de ander als "
             "3 januari, en 30 februari bestaat niet.",
             "A day is written as year-month-day. Some read `1-3-2026` as 1 March and some as 3 January, and there is "
             "no 30 February."),
        Text("Schrijf bijvoorbeeld `2026-03-01`.", "Write `2026-03-01`, for example."),
        "terms:\n  early: {nl: Vroeg, en: Early, source: [BEE-08], holds: {notice_on: {before: 31-12-2026}}}",
        "terms:\n  early: {nl: Vroeg, en: Early, source: [BEE-08], holds: {notice_on: {before: 2026-12-31}}}",
    ),
)  # fmt: skip

_NAMES = (
    Page(
        ("unknown-fact", "unknown-field", "unknown-table", "unknown-table-or-history", "unknown-table-or-cycle",
         "unknown-cycle", "unknown-amount", "unknown-deadline", "unknown-decision", "unknown-party", "unknown-term"),
        Text("Deze naam is nergens gedeclareerd", "This name is declared nowhere"),
        Text("Een regel gebruikt een feit, tabel, bedrag of iets anders dat het beleid niet kent. Meestal is het een "
             "typefout; soms moet het feit nog worden toegevoegd.",
             "A rule uses a fact, table, amount or something else that the policy does not know. Mostly it is a typing "
             "error; sometimes the fact is still to be added."),
        Text("Neem de voorgestelde naam over, of declareer hem in het onderdeel waar hij hoort, zoals `facts`.",
             "Take the name that is suggested, or declare it in its section, such as `facts`."),
        "terms:\n  expert: {nl: Kenner, en: Expert, source: [BEE-02], holds: {experence: {at_least: 5 years}}}",
        "terms:\n  expert: {nl: Kenner, en: Expert, source: [BEE-02], holds: {experience: {at_least: 5 years}}}",
    ),
    Page(
        ("unknown-statement",),
        Text("Deze uitspraak staat niet in de catalogus", "This statement is not in the catalogue"),
        Text("De regel noemt een uitspraak van de bron die de catalogus niet heeft. Zo is niet na te gaan waar de "
             "regel op rust.",
             "The rule cites a statement of the source that the catalogue does not have. So one cannot verify what the "
             "rule rests on."),
        Text("Kijk het nummer na, of geef de uitspraak een plaats in de catalogus.",
             "Check the id, or give the statement an entry in the catalogue."),
        "terms:\n  guest: {nl: Gast, en: Guest, source: [BEE-2], holds: {member: {is: false}}}",
        "terms:\n  guest: {nl: Gast, en: Guest, source: [BEE-02], holds: {member: {is: false}}}",
    ),
    Page(
        ("unknown-zone",),
        Text("Deze tijdzone bestaat niet", "There is no such time zone"),
        Text("De tijdzone bepaalt op welke dag iets gebeurt. Een tijdzone heet naar een werelddeel en een stad.",
             "The time zone decides on which day something happens. A time zone is named after a continent and a "
             "city."),
        Text("Schrijf voor Nederland en Vlaanderen `Europe/Amsterdam` of `Europe/Brussels`.",
             "Write `Europe/Amsterdam` or `Europe/Brussels`, say."),
        "conventions: {zone: Europe/Amsterdm, month_end: last_day, currency: EUR, cent: half_up}",
        "conventions: {zone: Europe/Amsterdam, month_end: last_day, currency: EUR, cent: half_up}",
    ),
    Page(
        ("duplicate-name",),
        Text("De naam is al in gebruik", "The name is already in use"),
        Text("Alles waar een voorwaarde mee kan beginnen, heeft een eigen naam: feiten, tabellen, lezingen, cycli, "
             "begrippen, waarden en velden. Anders is niet te zeggen wat er bedoeld is.",
             "Everything that a condition can begin with has a name of its own: facts, tables, readings, cycles, "
             "terms, values and fields. Else one cannot tell which is meant."),
        Text("Kies een andere naam. `today`, `key`, `any`, `not` en `where` zijn nooit vrij.",
             "Choose another name. `today`, `key`, `any`, `not` and `where` are never free."),
        "terms:\n  member: {nl: Lid, en: Member, source: [BEE-02], holds: {experience: {at_least: 5 years}}}",
        "terms:\n  old_hand: {nl: Lid, en: Member, source: [BEE-02], holds: {experience: {at_least: 5 years}}}",
    ),
    Page(
        ("other-name",),
        Text("De naam past niet bij het bestand", "The name does not match the file"),
        Text("Een beleid heet zoals zijn bestand, en voorbeelden noemen het beleid waar ze bij horen. Anders raken "
             "beleid, voorbeelden en catalogus elkaar kwijt.",
             "A policy is called as its file is, and examples name the policy they belong to. Else policy, examples "
             "and catalogue lose each other."),
        Text("Geef het bestand en `policy` dezelfde naam.", "Give the file and `policy` the same name."),
        "policy: beekepers", "policy: beekeepers",
    ),
    Page(
        ("no-catalogue",),
        Text("De catalogus van uitspraken is er niet", "The catalogue of statements is not there"),
        Text("Achter `statements` staat het bestand met de uitspraken van de bron, gerekend vanaf de map van het "
             "beleid. Daar is niets gevonden, of het ligt buiten die map.",
             "After `statements` stands the file with the statements of the source, counted from the policy's folder. "
             "Nothing was found there, or it lies outside that folder."),
        Text("Kijk het pad na, bijvoorbeeld `statements/beekeepers.yaml`.",
             "Check the path, such as `statements/beekeepers.yaml`."),
        "statements: statements/beekepers.yaml", "statements: statements/beekeepers.yaml",
    ),
)  # fmt: skip

_RULES = (
    Page(
        ("no-row",),
        Text("Er is hier geen rij of ronde om naar te kijken", "There is no row or round here to look at"),
        Text("Een veld van een tabel, of een feit dat per rij bekend is, heeft alleen betekenis bij een bepaalde rij.",
             "A field of a table, or a fact that is known per row, means something only for a certain row."),
        Text("Zeg voor welke rijen de regel geldt, met `for_each` of `for_row`, of tel ze met `where`.",
             "Say for which rows the rule holds, with `for_each` or `for_row`, or count them with `where`."),
        "deadlines:\n  pay: {nl: Betalen, en: Pay, source: [BEE-04], until: {field: closes_on}}",
        "deadlines:\n  pay: {nl: Betalen, en: Pay, source: [BEE-04], for_each: courses, until: {field: closes_on}}",
    ),
    Page(
        ("two-scopes",),
        Text("Een regel geldt voor rijen of per ronde, niet allebei",
             "A rule holds for rows or per round, not both"),
        Text("`for_each`, `for_row` en `per` zeggen elk waarvoor de regel telkens opnieuw geldt. Twee tegelijk kan "
             "niet.",
             "`for_each`, `for_row` and `per` each say for what the rule holds again and again. Not two at once."),
        Text("Houd er een over; maak zo nodig twee regels.", "Keep one of them; make two rules if need be."),
        "deadlines:\n  pay: {nl: Betalen, en: Pay, source: [BEE-04], for_each: courses, per: licence_year, "
        "until: {field: closes_on}}",
        "deadlines:\n  pay: {nl: Betalen, en: Pay, source: [BEE-04], for_each: courses, until: {field: closes_on}}",
    ),
    Page(
        ("must-or-should",),
        Text("Een regel heeft `must` of `should`", "A rule has `must` or `should`"),
        Text("`must` is een eis, `should` een advies. Zonder een van beide eist de regel niets; met allebei is niet te "
             "zeggen wat hij is.",
             "`must` is a requirement, `should` is advice. Without either the rule asks nothing; with both one cannot "
             "tell what it is."),
        Text("Schrijf precies een van de twee.", "Write exactly one of the two."),
        "compliance:\n  join: {nl: Word lid., en: Become a member., who: holder, source: [BEE-09]}",
        "compliance:\n  join: {nl: Word lid., en: Become a member., who: holder, source: [BEE-09], "
        "must: {member: {is: true}}}",
    ),
    Page(
        ("amount-in-rule",),
        Text("Een bedrag staat los in een regel", "An amount stands bare in a rule"),
        Text("Een bedrag heeft een begindag, een btw-woord, een zekerheid en een bron. In een regel zou dat alles "
             "ontbreken, en zou het oude bedrag verdwijnen zodra het nieuwe er staat.",
             "An amount has a first day, a VAT word, a certainty and a source. In a rule all of that would be missing, "
             "and the old amount would be gone as soon as the new one is there."),
        Text("Zet het bedrag onder `amounts` en schrijf hier `{amount: naam}`.",
             "Put the amount under `amounts` and write `{amount: its_name}` here."),
        "costs:\n  visit: {nl: Bezoek, en: Visit, lines: {fee: {nl: Bezoek, en: Visit, source: [BEE-06], "
        "price: 60.00}}}",
        "costs:\n  visit: {nl: Bezoek, en: Visit, lines: {fee: {nl: Bezoek, en: Visit, source: [BEE-06], "
        "price: {amount: yearly_fee}}}}",
    ),
    Page(
        ("empty-range",),
        Text("Het einde komt voor het begin", "The end comes before the beginning"),
        Text("De ondergrens ligt boven de bovengrens, of de laatste dag voor de eerste. Er is dan niets dat past.",
             "The lower bound lies above the upper one, or the last day before the first. Then nothing fits."),
        Text("Wissel de twee om, of verbeter er een.", "Swap the two, or correct one of them."),
        "facts:\n  age: {kind: integer, at_least: 99, at_most: 18, nl: Leeftijd, en: Age}",
        "facts:\n  age: {kind: integer, at_least: 18, at_most: 99, nl: Leeftijd, en: Age}",
    ),
    Page(
        ("overlap",),
        Text("Twee bedragen gelden op dezelfde dag", "Two amounts hold on the same day"),
        Text("Elk bedrag geldt vanaf zijn dag tot het volgende begint. Staan ze niet op volgorde, dan is niet te zien "
             "welk bedrag telt.",
             "Each amount holds from its day until the next begins. Out of order, one cannot see which counts."),
        Text("Zet het oudste bedrag eerst en geef elk een latere dag.",
             "Put the oldest first and give each a later day."),
        "amounts:\n  exam:\n"
        "  - {from: 2027-01-01, value: 65.00, vat: excluded, certainty: exact, source: [BEE-04]}\n"
        "  - {from: 2026-01-01, value: 60.00, vat: excluded, certainty: exact, source: [BEE-04]}",
        "amounts:\n  exam:\n"
        "  - {from: 2026-01-01, value: 60.00, vat: excluded, certainty: exact, source: [BEE-04]}\n"
        "  - {from: 2027-01-01, value: 65.00, vat: excluded, certainty: exact, source: [BEE-04]}",
    ),
    Page(
        ("gap",),
        Text("Er zijn dagen zonder bedrag", "There are days without an amount"),
        Text("Het beleid geldt al voordat het eerste bedrag begint. Voor die dagen is er dan geen prijs, en dat is "
             "iets anders dan gratis.",
             "The policy is in force before the first amount begins. On those days there is no price, which is not the "
             "same as free."),
        Text("Laat het bedrag eerder beginnen, of zet er een regel `value: not_stated` voor.",
             "Let the amount begin earlier, or put an entry `value: not_stated` before it."),
        "amounts:\n  exam: [{from: 2026-07-01, value: 60.00, vat: excluded, certainty: exact, source: [BEE-04]}]",
        "amounts:\n  exam: [{from: 2026-01-01, value: 60.00, vat: excluded, certainty: exact, source: [BEE-04]}]",
    ),
    Page(
        ("not-whole", "odd-cent"),
        Text("De termijnen maken samen geen geheel", "The instalments make no whole"),
        Text("De percentages van de termijnen zijn samen honderd, en precies één termijn krijgt de cent die over is. "
             "Anders wordt er te veel of te weinig betaald.",
             "The percentages of the instalments make a hundred, and exactly one instalment takes the cent that is "
             "left. Else too much or too little is paid."),
        Text("Verbeter de percentages, en zet bij één termijn `odd_cent: true`.",
             "Correct the percentages, and write `odd_cent: true` at one of them."),
        "costs:\n  visit:\n    nl: Bezoek\n    en: Visit\n"
        "    lines: {fee: {nl: Bezoek, en: Visit, source: [BEE-06], price: {amount: yearly_fee}}}\n"
        "    instalments:\n      first: {nl: Eerst, en: First, source: [BEE-06], percent: 50, odd_cent: true}\n"
        "      then: {nl: Daarna, en: Then, source: [BEE-06], percent: 40}",
        "costs:\n  visit:\n    nl: Bezoek\n    en: Visit\n"
        "    lines: {fee: {nl: Bezoek, en: Visit, source: [BEE-06], price: {amount: yearly_fee}}}\n"
        "    instalments:\n      first: {nl: Eerst, en: First, source: [BEE-06], percent: 50, odd_cent: true}\n"
        "      then: {nl: Daarna, en: Then, source: [BEE-06], percent: 50}",
    ),
    Page(
        ("reason",),
        Text("Een open norm zegt waarom, en iets anders niet", "An open norm says why, and nothing else does"),
        Text("Wat niet te toetsen of te berekenen is, zegt waarom niet. Bij informatie of advies valt er niets uit te "
             "leggen.",
             "What cannot be tested or computed says why not. With information or advice there is nothing to explain."),
        Text("Voeg `reason` toe bij `open_norm` en `not_computable`; haal hem weg bij `information` en `advice`.",
             "Add a `reason` to `open_norm` and `not_computable`; take it out of `information` and `advice`."),
        "notes:\n  manners: {kind: open_norm, nl: Wees netjes., en: Be polite., source: [BEE-10]}",
        "notes:\n  manners:\n    kind: open_norm\n    nl: Wees netjes.\n    en: Be polite.\n    source: [BEE-10]\n"
        "    reason: {nl: Er is geen maatstaf., en: There is no measure.}",
    ),
    Page(
        ("not-stated",),
        Text("De bron noemt geen waarde om mee te vergelijken", "The source gives no value to compare"),
        Text("De waarde is `not_stated`. Wat er niet staat, is niet groter of kleiner dan iets anders.",
             "The value is `not_stated`. What is not there is neither more nor less than anything else."),
        Text("Haal de vergelijking weg, of geef de waarde als de bron haar toch noemt.",
             "Take the comparison out, or give the value if the source does state it."),
        "terms:\n  enough: {nl: Genoeg, en: Enough, source: [BEE-09], holds: {quota: {at_least: 2}}}\n"
        "values:\n  quota: {nl: Aantal, en: Quota, source: [BEE-09], value: not_stated}",
        "terms:\n  enough: {nl: Genoeg, en: Enough, source: [BEE-09], holds: {quota: {at_least: 2}}}\n"
        "values:\n  quota: {nl: Aantal, en: Quota, source: [BEE-09], value: 3}",
    ),
    Page(
        ("circular",),
        Text("Een begrip verwijst naar zichzelf", "Something is defined by itself"),
        Text("Wie het volgt, komt weer uit waar hij begon, en dus nooit bij een antwoord.",
             "Who follows it comes out where he began, and so never at an answer."),
        Text("Haal een van de verwijzingen weg; de melding laat de kring zien.",
             "Take one of the references out; the message shows the way round."),
        "terms:\n  guest: {nl: Gast, en: Guest, source: [BEE-02], holds: {guest: {is: true}}}",
        "terms:\n  guest: {nl: Gast, en: Guest, source: [BEE-02], holds: {member: {is: false}}}",
    ),
    Page(
        ("no-last-day", "no-inverse"),
        Text("Van deze termijn valt niets terug te rekenen", "There is nothing to count back from this deadline"),
        Text("Er wordt gerekend met de laatste dag van een termijn die er geen heeft, of gezocht naar een dag waar de "
             "termijn niet van afhangt.",
             "A last day is used of a deadline that has none, or a day is sought on which the deadline does not "
             "depend."),
        Text("Noem een termijn met `until`, die van het feit afhangt.",
             "Name a deadline with an `until`, which depends on the fact."),
        "deadlines:\n  hear: {nl: Bericht, en: Hear, source: [BEE-08], from: {fact: notice_on}}\n"
        "  after_it: {nl: Daarna, en: After it, source: [BEE-08], from: {deadline: hear}}",
        "deadlines:\n  hear: {nl: Bericht, en: Hear, source: [BEE-08], until: {fact: notice_on}}\n"
        "  after_it: {nl: Daarna, en: After it, source: [BEE-08], from: {deadline: hear}}",
    ),
    Page(
        ("never-holds",),
        Text("Deze voorwaarde kan nooit waar zijn", "This condition can never hold"),
        Text("Geen enkele waarde voldoet eraan, dus de regel wijst iedereen af of doet nooit iets. Meestal is een "
             "grens verwisseld of een getal verkeerd.",
             "No value satisfies it, so the rule refuses everybody or never does anything. Mostly a bound is swapped "
             "or a number wrong."),
        Text("Verbeter de grens; kijk ook naar wat het feit mag zijn (`at_least`, `at_most`, `options`).",
             "Correct the bound; look at what the fact may be as well (`at_least`, `at_most`, `options`)."),
        "terms:\n  between: {nl: Tussen, en: Between, source: [BEE-02], "
        "holds: {experience: {at_least: 5 years, less_than: 2 years}}}",
        "terms:\n  between: {nl: Tussen, en: Between, source: [BEE-02], "
        "holds: {experience: {at_least: 2 years, less_than: 5 years}}}",
    ),
    Page(
        ("always-holds",),
        Text("Deze voorwaarde is altijd waar", "This condition always holds"),
        Text("Elke waarde voldoet eraan, dus de voorwaarde doet niets. Dat is een waarschuwing: misschien is een "
             "strengere grens bedoeld.",
             "Every value satisfies it, so the condition does nothing. That is a warning: perhaps a stricter bound is "
             "meant."),
        Text("Verbeter de grens, of haal de voorwaarde weg.", "Correct the bound, or take the condition out."),
        "terms:\n  educated: {nl: Opgeleid, en: Educated, source: [BEE-02], holds: {diploma: {at_least: basic}}}",
        "terms:\n  educated: {nl: Opgeleid, en: Educated, source: [BEE-02], holds: {diploma: {at_least: master}}}",
    ),
    Page(
        ("never-applies", "always-applies"),
        Text("Deze `when` onderscheidt niemand", "This `when` sets nobody apart"),
        Text("De regel geldt voor niemand, of voor iedereen hoewel er een voorwaarde bij staat. Het is bewezen: elke "
             "combinatie van wat de voorwaarde vergelijkt is nagegaan. De melding noemt iemand die het laat zien.",
             "The rule is for nobody, or for everybody although it has a condition. It is proven: every combination of "
             "what the condition compares was tried. The message names someone who shows it."),
        Text("Kijk na voor wie de regel bedoeld is, en verbeter de `when` of haal haar weg.",
             "See whom the rule is meant for, and correct its `when` or take it out."),
        "notes:\n  hint: {kind: advice, nl: Let op, en: Mind, source: [BEE-10], "
        "when: {any: [{member: {is: true}}, {not: {member: {is: true}}}]}}",
        "notes:\n  hint: {kind: advice, nl: Let op, en: Mind, source: [BEE-10], when: {member: {is: true}}}",
    ),
    Page(
        ("never-met", "never-fails"),
        Text("Niemand kan hieraan voldoen, of iedereen doet het", "Nobody can meet this, or everybody does"),
        Text("Van wie alles bekend is, is het antwoord altijd hetzelfde. De regel wijst dan iedereen af, of niemand. "
             "Wat elkaar volgens `contradictions` uitsluit, is meegeteld.",
             "Of whoever everything is known, the answer is always the same. So the rule refuses everybody, or nobody. "
             "What excludes each other by `contradictions` was counted in."),
        Text("Verbeter de voorwaarde: vaak is een `not` of een grens verwisseld, of moet iets in `any`.",
             "Correct the condition: often a `not` or a bound is swapped, or something belongs in `any`."),
        "terms:\n  odd: {nl: Vreemd, en: Odd, source: [BEE-02], "
        "holds: {skilled: {is: true}, not: {skilled: {is: true}}}}",
        "terms:\n  odd: {nl: Vreemd, en: Odd, source: [BEE-02], holds: {skilled: {is: true}, member: {is: false}}}",
    ),
    Page(
        ("shadowed-rule", "shadowed-price", "duplicate-rule"),
        Text("Een andere regel doet dit al", "Another rule does this already"),
        Text("Wie hierop vastloopt, loopt ook vast op de andere regel; of een eerdere prijs gaat altijd voor; of er "
             "staat twee keer hetzelfde. Deze regel geeft dus nooit de doorslag.",
             "Whoever fails here fails the other rule as well; or an earlier price always comes first; or the same "
             "stands there twice. So this rule never decides."),
        Text("Haal de regel weg, of zet bij de ene wat de andere niet zegt. Noem de uitspraken van beide als `source`.",
             "Take the rule out, or let the one say what the other does not. Cite the statements of both as `source`."),
        "eligibility:\n  teach:\n    nl: Lesgeven\n    en: Teach\n    requires:\n"
        "      years: {nl: Drie jaar., en: Three years., source: [BEE-02], must: {experience: {at_least: 3 years}}}\n"
        "      year: {nl: Een jaar., en: One year., source: [BEE-02], must: {experience: {at_least: 1 year}}}",
        "eligibility:\n  teach:\n    nl: Lesgeven\n    en: Teach\n    requires:\n"
        "      years: {nl: Drie jaar., en: Three years., source: [BEE-02], must: {experience: {at_least: 3 years}}}",
    ),
    Page(
        ("exclude-each-other",),
        Text("Deze twee eisen sluiten elkaar uit", "These two requirements exclude each other"),
        Text("Wie aan de ene voldoet, voldoet nooit aan de andere. Niemand krijgt dus een ja. Soms zegt de bron dat "
             "echt zo; dan hoort er een `if_not: not_stated` of een strijdigheid bij.",
             "Whoever meets the one never meets the other. So nobody gets a yes. Sometimes the source really says so; "
             "then an `if_not: not_stated` or a conflict belongs there."),
        Text("Verbeter een van de twee, of zet ze in verschillende besluiten.",
             "Correct one of the two, or put them in different decisions."),
        "eligibility:\n  teach:\n    nl: Lesgeven\n    en: Teach\n    requires:\n"
        "      years: {nl: Drie jaar., en: Three years., source: [BEE-02], must: {experience: {at_least: 3 years}}}\n"
        "      new: {nl: Nieuw., en: New., source: [BEE-02], must: {experience: {less_than: 1 year}}}",
        "eligibility:\n  teach:\n    nl: Lesgeven\n    en: Teach\n    requires:\n"
        "      years: {nl: Drie jaar., en: Three years., source: [BEE-02], must: {experience: {at_least: 3 years}}}",
    ),
    Page(
        ("dead-part",),
        Text("Dit deel van de voorwaarde doet niets", "This part of the condition does nothing"),
        Text("In `any` laat het niemand toe die er niet al was. Tussen andere voorwaarden houdt het niemand tegen die "
             "er nog was. Dat is bewezen; de melding noemt iemand die het laat zien.",
             "In `any` it lets in nobody who was not in already. Among other conditions it keeps out nobody who was "
             "still in. That is proven; the message names someone who shows it."),
        Text("Haal het deel weg, of verbeter het: misschien is iets ruimers of strengers bedoeld.",
             "Take the part out, or correct it: perhaps something wider or stricter is meant."),
        "terms:\n  guest: {nl: Gast, en: Guest, source: [BEE-02], "
        "holds: {any: [{member: {is: false}}, {member: {is: false}, diploma: {is: basic}}]}}",
        "terms:\n  guest: {nl: Gast, en: Guest, source: [BEE-02], "
        "holds: {any: [{member: {is: false}}, {diploma: {is: basic}}]}}",
    ),
    Page(
        ("lone-part",),
        Text("Een `any` van één deel", "An `any` of one part"),
        Text("`any` houdt in dat een van de delen genoeg is. Van één deel is dat gewoon dat deel. Vaak is de `-` voor "
             "het volgende deel vergeten: dan moeten beide gelden.",
             "`any` means that one of the parts is enough. Of one part it is just that part. Often the `-` before the "
             "next part was forgotten: then both have to hold."),
        Text("Begin elk deel met een `-`, of laat `any` weg.", "Begin each part with a `-`, or leave `any` out."),
        "terms:\n  guest: {nl: Gast, en: Guest, source: [BEE-02], "
        "holds: {any: [{member: {is: false}, diploma: {is: basic}}]}}",
        "terms:\n  guest: {nl: Gast, en: Guest, source: [BEE-02], "
        "holds: {any: [{member: {is: false}}, {diploma: {is: basic}}]}}",
    ),
    Page(
        ("claim-fails",),
        Text("Deze bewering klopt niet voor iedereen", "This claim does not hold for everybody"),
        Text("Onder `claims` staat wat van een paar begrippen altijd zo is. Er is iemand gevonden bij wie het niet zo "
             "is: een soort mensen is vergeten, of valt in twee soorten. De melding noemt die persoon.",
             "Under `claims` stands what is always so of a few terms. Someone was found for whom it is not: a kind of "
             "people was forgotten, or falls into two kinds. The message names that person."),
        Text("Verbeter de begrippen, of zeg met `when` voor wie de bewering bedoeld is.",
             "Correct the terms, or say with `when` whom the claim is meant for."),
        "terms:\n  guest: {nl: Gast, en: Guest, source: [BEE-02], holds: {member: {is: false}}}\n"
        "claims:\n  kinds: {nl: Gast of imker., en: Guest or keeper., source: [BEE-02], exactly_one: [guest, skilled]}",
        "terms:\n  guest: {nl: Gast, en: Guest, source: [BEE-02], holds: {skilled: {is: false}}}\n"
        "claims:\n  kinds: {nl: Gast of imker., en: Guest or keeper., source: [BEE-02], exactly_one: [guest, skilled]}",
    ),
    Page(
        ("one-count",),
        Text("Een bewering telt op één manier", "A claim counts in one way"),
        Text("Bij een bewering hoort precies één van `exactly_one`, `at_least_one` en `at_most_one`, met een lijst van "
             "begrippen.",
             "A claim has exactly one of `exactly_one`, `at_least_one` and `at_most_one`, with a list of terms."),
        Text("Kies er een; maak van twee soorten twee beweringen.",
             "Choose one; make two claims of two sorts."),
        "terms:\n  guest: {nl: Gast, en: Guest, source: [BEE-02], holds: {skilled: {is: false}}}\n"
        "claims:\n  kinds: {nl: Gast of imker., en: Guest or keeper., source: [BEE-02]}",
        "terms:\n  guest: {nl: Gast, en: Guest, source: [BEE-02], holds: {skilled: {is: false}}}\n"
        "claims:\n  kinds: {nl: Gast of imker., en: Guest or keeper., source: [BEE-02], exactly_one: [guest, skilled]}",
    ),
    Page(
        ("unused",),
        Text("Niets gebruikt dit", "Nothing uses this"),
        Text("Er is een feit, tabel, bedrag of begrip gedeclareerd dat geen enkele regel leest. Vaak ontbreekt er een "
             "regel, of is een naam veranderd. Dit is een waarschuwing.",
             "A fact, table, amount or term is declared that no rule reads. Often a rule is missing, or a name was "
             "changed. This is a warning."),
        Text("Gebruik het in een regel, of haal het weg.", "Use it in a rule, or take it out."),
        "facts:\n  helper: {kind: boolean, nl: Helper, en: Helper}",
        "facts:\n  helper: {kind: boolean, nl: Helper, en: Helper}\n"
        "compliance:\n  help: {nl: Help mee., en: Help., who: holder, source: [BEE-09], must: {helper: {is: true}}}",
    ),
    Page(
        ("same-sentence",),
        Text("Twee regels met dezelfde zin", "Two rules with the same sentence"),
        Text("Wie het antwoord leest, ziet twee keer hetzelfde staan en weet niet wat het verschil is. Meestal is een "
             "regel gekopieerd en niet overal aangepast. Dit is een waarschuwing.",
             "Who reads the answer sees the same twice, and cannot tell the difference. Mostly a rule was copied and "
             "not changed all through. This is a warning."),
        Text("Zeg in elke zin wat de regel eigen heeft. Kijk ook of `source` bij de nieuwe regel hoort.",
             "Say in each sentence what is that rule's own. See too whether `source` belongs to the new rule."),
        "compliance:\n"
        "  join: {nl: Word lid., en: Become a member., who: holder, source: [BEE-09], must: {member: {is: true}}}\n"
        "  study: {nl: Word lid., en: Become a member., who: holder, source: [BEE-09], "
        "must: {diploma: {is: master}}}",
        "compliance:\n"
        "  join: {nl: Word lid., en: Become a member., who: holder, source: [BEE-09], must: {member: {is: true}}}\n"
        "  study: {nl: Word meester., en: Become a master., who: holder, source: [BEE-09], "
        "must: {diploma: {is: master}}}",
    ),
    Page(
        ("uncovered-statement",),
        Text("Geen regel noemt deze uitspraak", "No rule cites this statement"),
        Text("De bron zegt iets dat in het beleid nergens terugkomt. Misschien is het vergeten.",
             "The source says something that is nowhere in the policy. It may have been forgotten."),
        Text("Noem de uitspraak bij de regel die haar uitvoert, of zet haar onder `notes` met de reden waarom er geen "
             "regel is.",
             "Cite it at the rule that carries it, or list it under `notes` with the reason why there is no rule."),
        "  BEE-11: {kind: process, heading: Art. 8, nl: Het bestuur beslist., en: The board decides.}", "",
        "catalogue",
    ),
)  # fmt: skip

_BESIDE = (
    Page(
        ("one-question", "unknown-question"),
        Text("Een voorbeeld stelt precies één vraag die het beleid kent",
             "An example asks exactly one question that the policy knows"),
        Text("Onder `ask` staat één vraag (`eligibility`, `cost`, `deadline`, `compliance` of `note`) met de naam "
             "van een onderdeel van het beleid.",
             "Under `ask` stands one question (`eligibility`, `cost`, `deadline`, `compliance` or `note`) with the "
             "name of an entry of the policy."),
        Text("Neem de voorgestelde naam over, of maak van twee vragen twee voorbeelden.",
             "Take the name that is suggested, or make two examples of two questions."),
        "  is_a_member:\n    source: [BEE-02]\n    why: A master is skilled.\n    asked_on: 2026-03-01\n"
        "    facts: {diploma: master}\n    ask: {eligibility: licens}\n    expect: {verdict: unknown}",
        "  is_a_member:\n    source: [BEE-02]\n    why: A master is skilled.\n    asked_on: 2026-03-01\n"
        "    facts: {diploma: master}\n    ask: {eligibility: licence}\n    expect: {verdict: unknown}",
        "examples",
    ),
    Page(
        ("unknown-mutant", "stale-reason"),
        Text("Een reden onder `equivalent` klopt niet meer", "A reason under `equivalent` does not hold any more"),
        Text("Onder `equivalent` staat van een verandering van het beleid waarom geen voorbeeld die kan merken. Deze "
             "verandering bestaat niet meer, of een voorbeeld merkt haar wel.",
             "Under `equivalent` stands why no example can tell a change of the policy. This change is not there any "
             "more, or an example does tell it."),
        Text("Neem de naam over uit `trainingrules test --mutate`, of haal de regel weg.",
             "Copy the name from `trainingrules test --mutate`, or take the line out."),
        "equivalent:\n  conventions.cents:down: Every price is a whole number of cents.",
        "equivalent:\n  conventions.cent:down: Every price is a whole number of cents.",
        "examples",
    ),
    Page(
        ("no-reason",),
        Text("Een voorbeeld zegt niet waarom het zo is", "An example does not say why it is so"),
        Text("Een voorbeeld dat is gemaakt en niet nagekeken herhaalt alleen wat het beleid al zegt. Onder `why` staat "
             "daarom hoe het antwoord uit de bron volgt.",
             "An example that was made and not looked at only repeats what the policy says already. So under `why` "
             "stands how the answer follows from the source."),
        Text("Lees de uitspraken onder `source` en schrijf in een zin waarom het antwoord zo is.",
             "Read the statements under `source`, and write in a sentence why the answer is so."),
        "  is_a_member:\n    source: [BEE-02]\n    why: \"…\"\n    asked_on: 2026-03-01\n"
        "    facts: {diploma: master}\n    ask: {eligibility: licence}\n    expect: {verdict: unknown}",
        "  is_a_member:\n    source: [BEE-02]\n    why: A master is skilled.\n    asked_on: 2026-03-01\n"
        "    facts: {diploma: master}\n    ask: {eligibility: licence}\n    expect: {verdict: unknown}",
        "examples",
    ),
    Page(
        ("faulty-policy",),
        Text("Het beleid bij deze voorbeelden is niet in orde", "The policy of these examples is not in order"),
        Text("De voorbeelden worden tegen het beleid gehouden waar ze bij horen. Dat beleid is er niet of heeft "
             "fouten, dus alleen de vorm van de voorbeelden is gecontroleerd.",
             "Examples are held against the policy they belong to. That policy is not there or has faults, so only the "
             "shape of the examples was checked."),
        Text("Controleer eerst het beleid zelf. Voorbeelden staan in de map `examples` naast het beleid, onder "
             "dezelfde naam.",
             "Check the policy itself first. Examples stand in the folder `examples` beside the policy, under the same "
             "name."),
    ),
    Page(
        ("unknown-row", "unknown-round", "duplicate-round"),
        Text("Deze rij of ronde is er niet", "There is no such row or round"),
        Text("Een feit dat per rij of ronde bekend is, wordt gegeven bij de naam van een rij of het nummer van een "
             "ronde, elk één keer. Ook een voorbeeld noemt een rij bij haar naam.",
             "A fact that is known per row or round is given by the name of a row or the number of a round, each "
             "once. An example names a row by its name too."),
        Text("Gebruik de namen uit de tabel; rondes tellen vanaf 1.",
             "Use the names of the table; rounds count from 1."),
        "passed: {hivs: true}", "passed: {hives: true}", "facts",
    ),
    Page(
        ("given-twice", "no-fact"),
        Text("Op de opdrachtregel staat geen feit, of twee keer hetzelfde",
             "The command line gives no fact, or the same one twice"),
        Text("Een feit wordt gegeven als naam=waarde, en elk feit één keer.",
             "A fact is given as name=value, and each fact once."),
        Text("Schrijf bijvoorbeeld `-f experience='3 years'`.", "Write `-f experience='3 years'`, for example."),
        "trainingrules ask policies/beekeepers.yaml --eligibility licence --on 2026-03-01 -f member",
        "trainingrules ask policies/beekeepers.yaml --eligibility licence --on 2026-03-01 -f member=true", "command",
    ),
    Page(
        ("unknown-column", "column-type"),
        Text("Welk feit er in een kolom van een tabel staat, is niet duidelijk",
             "Which fact a column of a table holds is not clear"),
        Text("Elke kolom van een tabel met personen heet naar een feit van het beleid, en kan dat feit precies "
             "bevatten: een bedrag is geen tweetallige breuk. Een kolom waar niets mee wordt gedaan, zou ongemerkt "
             "verloren gaan.",
             "Every column of a table of people is named after a fact of the policy, and can hold that fact exactly: "
             "an amount is no binary fraction. A column that nothing is done with would be lost unnoticed."),
        Text("Noem de kolom naar het feit. Hoort zij er niet bij, zeg dat dan met `--ignore`. Bewaar getallen als hele "
             "getallen, als Decimal of als tekst.",
             "Name the column after the fact. If it does not belong, say so with `--ignore`. Store numbers as whole "
             "numbers, as Decimal or as text."),
    ),
    Page(
        ("whose-row", "broken-row"),
        Text("Van wie een rij van een tabel is, is niet duidelijk", "Whose row of a table this is, is not clear"),
        Text("Elke persoon heeft een eigen sleutel en één rij, met evenveel cellen als de eerste regel. Anders zou een "
             "antwoord bij een ander kunnen staan.",
             "Every person has a key of their own and one row, with as many cells as the first line. Otherwise an "
             "answer could stand with somebody else."),
        Text("Noem de kolom met de sleutel met `--key`, geef iedereen één rij, en zet aanhalingstekens om een cel waar "
             "een scheidingsteken in staat.",
             "Name the column of the key with `--key`, give everybody one row, and put quotes around a cell with a "
             "separator in it."),
    ),
    Page(
        ("contradiction",),
        Text("De gegeven feiten gaan niet samen", "The facts that were given cannot go together"),
        Text("Het beleid zegt onder `contradictions` welke feiten niet tegelijk waar kunnen zijn. Op zulke feiten is "
             "geen antwoord te geven.",
             "Under `contradictions` the policy says which facts cannot be true together. To such facts no answer can "
             "be given."),
        Text("Kijk na welk van de feiten niet klopt.", "Find out which of the facts is not right."),
    ),
    Page(
        ("wrong-name", "in-the-way"),
        Text("Onder deze naam kan geen beleid beginnen", "No policy can begin under this name"),
        Text("De naam kan geen naam van een beleid zijn, of er staat al een bestand met die naam. Er wordt nooit iets "
             "overschreven.",
             "It cannot be the name of a policy, or a file of that name is already there. Nothing is ever "
             "overwritten."),
        Text("Kies een naam van kleine letters, cijfers en `_`, of een andere map.",
             "Choose a name of small letters, digits and `_`, or another folder."),
        "trainingrules new Beekeepers", "trainingrules new apiary", "command",
    ),
    Page(
        ("lost-citation", "lost-statement", "new-citation", "no-record", "broken-record"),
        Text("Wat elke uitspraak draagt, is veranderd", "What carries each statement has changed"),
        Text("Naast de catalogus ligt een verslag van welke regels elke uitspraak noemen. Zo valt het op als een regel "
             "of een verwijzing verdwijnt, ook als een andere regel dezelfde uitspraak noemt.",
             "Beside the catalogue lies a record of which rules cite each statement. So it is noticed when a rule or a "
             "citation disappears, even where another rule cites the same statement."),
        Text("Zet terug wat verdwenen is. Is de verandering bedoeld, schrijf het verslag dan opnieuw met "
             "`trainingrules coverage --record`.",
             "Restore what is gone. If the change is meant, write the record anew with "
             "`trainingrules coverage --record`."),
        "trainingrules coverage policies/beekeepers.yaml", "trainingrules coverage policies/beekeepers.yaml --record",
        "command",
    ),
    Page(
        ("unrecorded-page",),
        Text("De pagina van de organisatie is nog niet vastgelegd", "The organisation's page was not recorded yet"),
        Text("Of een pagina is veranderd, blijkt uit de vingerafdrukken van haar zinnen, naast de catalogus. Die zijn "
             "er nog niet.",
             "Whether a page has changed shows from the fingerprints of its sentences, beside the catalogue. They are "
             "not there yet."),
        Text("Leg de pagina vast waar het beleid van is gemaakt, met `--record`, en schrijf bij elke zin de uitspraken "
             "die erin staan.",
             "Record the page that the policy was made from, with `--record`, and write with each sentence the "
             "statements that are in it."),
        "trainingrules source policies/beekeepers.yaml statutes.html",
        "trainingrules source policies/beekeepers.yaml statutes.html --record", "command",
    ),
    Page(
        ("unassigned-sentence", "needless-reason", "unsourced-statement"),
        Text("Een zin en een uitspraak horen nog niet bij elkaar", "A sentence and a statement still lack each other"),
        Text("Van elke zin van het document staat vast welke uitspraken erin staan, of waarom er geen in staat; en "
             "elke uitspraak staat in een zin. Hier is dat niet zo.",
             "Of every sentence of the document it is written which statements are in it, or why none is; and every "
             "statement is in a sentence. Here that is not so."),
        Text("Schrijf in het bestand met de zinnen de uitspraken in `carries`. Staat er geen in, laat dat dan leeg en "
             "geef met `because` de reden: `heading`, `navigation` of `outside`. Een uitspraak die nergens meer staat, "
             "gaat uit de catalogus.",
             "In the file of sentences, write the statements in `carries`. If there is none, leave that empty and give "
             "the reason with `because`: `heading`, `navigation` or `outside`. A statement that is in no sentence any "
             "more leaves the catalogue."),
    ),
    Page(
        ("page-kind", "unclosed-element"),
        Text("Deze pagina is niet te lezen", "This page cannot be read"),
        Text("Er wordt tekst of HTML gelezen, geen PDF of document van een tekstverwerker. Bij HTML moet bekend zijn "
             "waar een script of tekening ophoudt; anders zou de rest van de pagina ongemerkt wegvallen.",
             "Text or HTML is read, no PDF or document of a word processor. In HTML it must be known where a script or "
             "a drawing ends; else the rest of the page would be dropped unnoticed."),
        Text("Bewaar de pagina vanuit de browser, of kopieer de tekst naar een bestand.",
             "Save the page from the browser, or copy its text into a file."),
    ),
)  # fmt: skip

PAGES: tuple[Page, ...] = (*_TEXT, *_SHAPE, *_NAMES, *_RULES, *_BESIDE)
CODES: Mapping[str, Page] = {code: page for page in PAGES for code in page.codes}
