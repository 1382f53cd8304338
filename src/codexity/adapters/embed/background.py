"""Texts about nothing that was asked: how near a question is to them is how near chance brings it.

Models differ in how near they put any two texts: of one they are nearly at right angles, of another
all within a narrow cone. Held against these, a nearness means the same whichever model tells it.
"""

from typing import Final

BACKGROUND: Final = (
    "The ferry leaves the harbour every morning and comes back before dark.",
    "Mix the flour with warm water, and let the dough rest for an hour.",
    "The parliament voted on the new tax law after a long debate.",
    "Her violin was made in Cremona and has four strings of gut.",
    "Press the red button to stop the engine, and wait until the light is out.",
    "Bees visit thousands of flowers to make a spoon of honey.",
    "The goalkeeper saved two penalties in the last minutes of the match.",
    "A function returns its value to whoever called it.",
    "The old bridge was closed in winter because of ice.",
    "Patients take the tablets with water after a meal.",
    "The moon moves around the earth in about four weeks.",
    "He painted the wall of the kitchen in a light green.",
    "Shares of the bank fell when the figures were published.",
    "The museum shows coins and jars that were found in the river.",
    "Glaciers carry stones and sand down into the valley.",
    "Write the address of the sender on the back of the envelope.",
    "The train was late, so they took a taxi to the station.",
    "Wool shrinks when it is washed too hot.",
    "The lawyer read the contract aloud before they signed it.",
    "Copper conducts electricity better than iron.",
    "Children learn to read in their first year at school.",
    "The film tells of two brothers who lose their farm.",
    "Water the tomatoes in the evening, and never on their leaves.",
    "The server writes each request to a log file.",
    "In the desert the nights are cold and the days are hot.",
    "The king had no heir, and the war went on for thirty years.",
    "Turn left at the church and follow the path along the wall.",
    "The choir sings on Thursdays in the hall of the school.",
    "Whales come up to breathe through a hole on top of the head.",
    "The insurance pays when a pipe bursts within the house.",
    "Tighten the screws crosswise until the wheel sits firmly.",
    "They met in a café near the opera and talked about the exam.",
)
