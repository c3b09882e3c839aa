"""Sentences and phones of Festival's voices in other languages than English.

Sentences are words in a row: only their sounds matter. Symbols are those of each voice's own
phone set; anything that is not listed is masked.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from talkface_train.data.phones import PHONE_INDEX, SILENCE, UNKNOWN

_WORDS = {
    "ru": """
        мама папа баба бумага муж вода вера ваза фабрика флаг форма фото фильм буква буря берег
        голова город горы дом дорога друг дума душа жена жизнь завтра зима зуб имя книга комната
        кофе кошка лампа лето луна любовь мальчик машина место много море мост музыка мыло народ
        небо ночь обед облако овощи огонь окно осень остров ответ память песня письмо пить плохо
        победа погода пол помощь поле правда привет птица пыль работа ребёнок река роза рука рыба
        самолёт свет семья сила слово смех снег собака солнце спина стол страна суп счастье утро
        ухо ум улица урок учебник фонарь хлеб хорошо цвет цена час чай шапка школа шум щека эхо юг
        яблоко язык вовремя впереди вместе вперёд быстро больше бабушка бывает будем можно мимо
    """,
    "ca": """
        mare pare avi poble porta pont pa peix poma prat bosc bou blau bo bonic boca bola bufanda
        molt mar muntanya menjar matí mig mes moure vida vent veure vila vell viu vol forn foc fill
        font fred fruita fum full gat gos gran groc got hora home dona nen nena noia noi llum lluna
        lluny llibre llop llet llit any aigua arbre ahir avui demà cada casa camí camp cel ciutat
        clar cosa cor cuina dia dit dolç escola estiu festa flor foto germà hivern illa jardí joc
        jove joia lloc mà meu nas neu nit nou núvol obrir ocell ofici ona or ou porc pluja pobre
        riu roba roda roig sabata sal sol sopa sucre tarda taula terra tot treball tren ull vermell
        veu vi xocolata xiquet zero dubte juny juliol plou puja abans ambdós compra botiga
    """,
    "fi": """
        poika pieni pallo puu puro pappi pappa peruna posti puhe puku puoli pilvi pimea papu maa
        mummo muki muna muuri musta metsa meri mies minun mukava maito omena oma ovi vuori vuosi
        vesi vaimo valo vapaa varpu vene vilja viikko vuoro voi vauva voima kaupunki kauppa kuva
        kuu kuuma kupari kumpi kissa koira kukka kala kirja koulu kone kulta talo tuuli tupa tumma
        tuoli tuomi tuo tori tammi taivas sopu suu suomi sumu supi sauna savu saapas sormi suuri
        huomenta huivi humu huoli hauva herne hopea ilma ilta isoisa joki joulu juna juoma juttu
        lapsi lampi lammas lumi luu lupa loma luokka leipomo naapuri nimi nuori nuppu nappi noppa
        ruoka rumpu ruusu ruuvi raha ranta uusi uni uima yksi yö kyla kymppi hyvin typeryys lyhty
    """,
}

_SYMBOLS = {
    "ru": """
        AA=aa AH=a,ay,ae OW=oo,o UW=u,uu,ur EH=ee,e,ei,er IY=i,ii,ir IH=y,yy,yr Y=j B=b,bb P=p,pp
        M=m,mm F=f,ff V=v,vv D=d,dd T=t,tt N=n,nn S=s,ss,c Z=z,zz L=l,ll R=r,rr G=g,gg K=k,kk
        XX=h,hh SH=sh,sch ZH=zh CH=ch
    """,
    "ca": """
        AA=a AH=ax EY=e EH=E OW=o AO=O IY=i UW=u Y=j,y W=w,uw B=b,B P=p M=m F=f V=v D=d,D T=t N=n,J
        NG=N S=s Z=z L=l,L R=r,rr G=g,G K=k SH=S ZH=Z CH=ch,tS JH=dZ
    """,
    "fi": """
        AA=a AE=ae,{,@ EH=e IY=i OW=o UW=u UE=y OE=oe,2,9 B=b P=p M=m F=f V=v D=d T=t N=n NG=N S=s
        SH=S L=l R=r G=g K=k HH=h Y=j
    """,
}
_PAUSES = frozenset(["pau", "#", "##", "h#", "_", "sil", "ssil"])


def _table(text: str) -> dict[str, str]:
    pairs = (item.split("=") for item in text.split())
    return {symbol: phone for phone, symbols in pairs for symbol in symbols.split(",")}


_PHONES = {language: _table(text) for language, text in _SYMBOLS.items()}
LANGUAGES = tuple(_WORDS)


def phone_of(language: str, symbol: str) -> str:
    """A voice's symbol, with or without stress digits and length colons, in the inventory."""
    if symbol in _PAUSES:
        return SILENCE
    bare = symbol.rstrip("0123456789:") or symbol
    phone = _PHONES[language].get(bare, UNKNOWN)
    return phone if phone in PHONE_INDEX else UNKNOWN


def sentences(language: str, seed: int) -> Iterator[str]:
    """An endless, reproducible run of 4 to 9 words each."""
    generator = random.Random(seed)
    words = _WORDS[language].split()
    while True:
        chosen = generator.choices(words, k=generator.randint(4, 9))
        if generator.random() < 0.4:
            chosen[len(chosen) // 2] += ","
        yield " ".join(chosen) + "."
