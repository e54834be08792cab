"""What notices say, word for word, in each of our languages."""

from collections.abc import Mapping
from dataclasses import dataclass

from navis_api.kit.languages import Language


@dataclass(frozen=True, slots=True)
class NoticeTexts:
    """The words of every notice in one language. `{place}` is where to go in an emergency."""

    crisis: str
    emergency: str
    dying: str
    no_dosing: str
    not_cancer: str
    orders: str
    judge_from_afar: str
    judge_a_value: str
    cancer_team: str
    hospice_team: str
    prescriber: str
    pharmacist: str


NOTICE_TEXTS: Mapping[Language, NoticeTexts] = {
    Language.ENGLISH: NoticeTexts(
        crisis=(
            "It sounds as if this is a very hard time. You don't have to face it alone. If you, or"
            " the person you ask about, may act on thoughts of dying, call your emergency number"
            " now and stay with someone. If not, please talk to a crisis line today. It is free,"
            " and someone is there day and night. Tell your cancer team too. They can help with"
            " pain, fear and low mood."
        ),
        emergency=(
            "What you describe may need care right now. Call your emergency number if someone has"
            " trouble breathing, chest pain, heavy bleeding, signs of a stroke, a seizure, legs"
            " that turn weak or numb, or can't be woken. For a fever or other new problem during"
            " cancer treatment, call your cancer team now, day or night. If you can't reach them,"
            " go to {place}. Don't wait for an answer here, and don't drive yourself."
        ),
        dying=(
            "What you describe may need help right now. When someone is dying, first call the"
            " hospice or palliative care team, day or night. They know what to expect, what can"
            " ease it, and can come or tell you what to do at home. If there is no such team, if"
            " you can't reach them, or if this isn't what you were told to expect, call your"
            " emergency number. Say that this person is at the end of life, and what they want to"
            " be done. Don't wait for an answer here."
        ),
        no_dosing=(
            "We can't tell you how much of a medicine to take. The right amount depends on you and"
            " your treatment. Please ask the person who prescribed it, or your pharmacist. Don't"
            " change a dose before you have talked to them. You can ask us what a medicine is for,"
            " how it works and what side effects it may have."
        ),
        not_cancer=(
            "We answer questions about cancer: what it is, tests, treatment, side effects and"
            " living with it. We can't help with this one. If it does have to do with cancer,"
            " please say which, and ask again."
        ),
        orders=(
            "Part of your question tells us how to work, and we don't act on that. We answer"
            " questions about cancer: what it is, tests, treatment, side effects and living with"
            " it. Please ask again with just your question."
        ),
        judge_from_afar=(
            "We can't tell from here if you have cancer, and we can't judge a photo or a scan."
            " Only someone who can see you can. Please show it to a doctor soon. You can ask us"
            " what the signs of a cancer are, how it is tested for, and what to ask your doctor."
        ),
        judge_a_value=(
            "We can't tell from here if somebody has cancer, and we can't judge one person's value."
            " Please ask the doctor who had it measured. You can ask us what a value means in"
            " general, such as “What does a raised PSA mean?”, which tests may follow, and what to"
            " ask the doctor."
        ),
        cancer_team="Your cancer team's 24-hour number",
        hospice_team="Your hospice or palliative care team's 24-hour number",
        prescriber="The doctor or nurse who prescribed it",
        pharmacist="Your pharmacist",
    ),
    Language.SPANISH: NoticeTexts(
        crisis=(
            "Parece que está pasando por un momento muy difícil. No tiene que afrontarlo en"
            " soledad. Si usted, o la persona por la que pregunta, podría hacer algo para morir,"
            " llame ahora al número de emergencias y no se quede a solas. Si no es así, hable hoy"
            " con una línea de ayuda en crisis. Es gratis, y hay alguien de día y de noche."
            " Cuénteselo también a su equipo de oncología. Puede ayudar con el dolor, el miedo y"
            " la tristeza."
        ),
        emergency=(
            "Lo que describe puede necesitar atención ahora mismo. Llame al número de emergencias"
            " si alguien respira con dificultad, tiene dolor en el pecho, sangra mucho, tiene"
            " signos de un derrame cerebral o una convulsión, pierde fuerza o sensibilidad en las"
            " piernas, o no se despierta. Si hay fiebre u otro problema nuevo durante el"
            " tratamiento del cáncer, llame ahora a su equipo de oncología, de día o de noche."
            " Si no contestan, vaya a {place}. No espere una respuesta aquí y no conduzca."
        ),
        dying=(
            "Lo que describe puede necesitar ayuda ahora mismo. Cuando alguien se está muriendo,"
            " llame primero al equipo de cuidados paliativos o de hospicio, de día o de noche."
            " Sabe qué se puede esperar y qué alivia, y puede venir o decirle qué hacer en casa."
            " Si no hay un equipo así, si no contestan o si esto no es lo que le dijeron que podía"
            " pasar, llame al número de emergencias. Diga que es una persona al final de la vida y"
            " qué quiere que se haga. No espere una respuesta aquí."
        ),
        no_dosing=(
            "No podemos decirle qué cantidad de un medicamento tomar. La cantidad correcta depende"
            " de usted y de su tratamiento. Pregunte a quien se lo recetó o en su farmacia. No"
            " cambie una dosis antes de hablarlo. Puede preguntarnos para qué sirve un medicamento,"
            " cómo actúa y qué efectos secundarios puede tener."
        ),
        not_cancer=(
            "Respondemos preguntas sobre el cáncer: qué es, pruebas, tratamiento, efectos"
            " secundarios y vida diaria. Con esta no podemos ayudar. Si tiene que ver con un"
            " cáncer, diga con cuál y pregunte de nuevo."
        ),
        orders=(
            "Una parte de su pregunta nos dice cómo trabajar, y eso no lo seguimos. Respondemos"
            " preguntas sobre el cáncer: qué es, pruebas, tratamiento, efectos secundarios y vida"
            " diaria. Pregunte de nuevo, solo con su pregunta."
        ),
        judge_from_afar=(
            "Desde aquí no podemos saber si usted tiene cáncer, ni juzgar una foto o una imagen"
            " médica. Solo puede hacerlo quien lo vea en persona. Muéstreselo pronto a un médico."
            " Puede preguntarnos cuáles son los signos de un cáncer, con qué pruebas se busca y"
            " qué preguntar en la consulta."
        ),
        judge_a_value=(
            "Desde aquí no podemos saber si alguien tiene cáncer, ni juzgar el valor de una"
            " persona. Pregunte a quien pidió el análisis. Puede preguntarnos qué significa un"
            " valor en general, por ejemplo «¿Qué significa un PSA elevado?», qué pruebas pueden"
            " seguir y qué preguntar en la consulta."
        ),
        cancer_team="El número de 24 horas de su equipo de oncología",
        hospice_team="El número de 24 horas de su equipo de cuidados paliativos o de hospicio",
        prescriber="Quien se lo recetó",
        pharmacist="Su farmacia",
    ),
}
