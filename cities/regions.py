"""The twenty regions and five macro-areas of Italy, by ISTAT code."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MacroArea(models.TextChoices):
    """The five macro-areas of Italy's statistics (ripartizione)."""

    NORTH_WEST = "north-west", _("North-West")
    NORTH_EAST = "north-east", _("North-East")
    CENTRE = "centre", _("Centre")
    SOUTH = "south", _("South")
    ISLANDS = "islands", _("Islands")


class Region(models.TextChoices):
    """The regions of Italy (regione), by ISTAT code; their names are not translated."""

    PIEMONTE = "01", "Piemonte"
    VALLE_D_AOSTA = "02", "Valle d’Aosta"
    LOMBARDIA = "03", "Lombardia"
    TRENTINO_ALTO_ADIGE = "04", "Trentino-Alto Adige/Südtirol"
    VENETO = "05", "Veneto"
    FRIULI_VENEZIA_GIULIA = "06", "Friuli-Venezia Giulia"
    LIGURIA = "07", "Liguria"
    EMILIA_ROMAGNA = "08", "Emilia-Romagna"
    TOSCANA = "09", "Toscana"
    UMBRIA = "10", "Umbria"
    MARCHE = "11", "Marche"
    LAZIO = "12", "Lazio"
    ABRUZZO = "13", "Abruzzo"
    MOLISE = "14", "Molise"
    CAMPANIA = "15", "Campania"
    PUGLIA = "16", "Puglia"
    BASILICATA = "17", "Basilicata"
    CALABRIA = "18", "Calabria"
    SICILIA = "19", "Sicilia"
    SARDEGNA = "20", "Sardegna"

    @property
    def macro_area(self):
        return next(area for area, codes in REGIONS_OF.items() if self.value in codes)


REGIONS_OF = {
    MacroArea.NORTH_WEST: {"01", "02", "03", "07"},
    MacroArea.NORTH_EAST: {"04", "05", "06", "08"},
    MacroArea.CENTRE: {"09", "10", "11", "12"},
    MacroArea.SOUTH: {"13", "14", "15", "16", "17", "18"},
    MacroArea.ISLANDS: {"19", "20"},
}
