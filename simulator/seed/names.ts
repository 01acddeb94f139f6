/** One country's people: surnames are disjoint between countries, so first name + surname never repeats across them. */
export type NamePool = {
  country: string;
  usageLocation: string;
  cities: readonly { city: string; state: string | null }[];
  given: readonly string[];
  surnames: readonly string[];
};

const words = (text: string): string[] => text.split(" ");

export const namePools: readonly NamePool[] = [
  {
    country: "United States",
    usageLocation: "US",
    cities: [
      { city: "Chicago", state: "IL" },
      { city: "Austin", state: "TX" },
      { city: "Seattle", state: "WA" },
    ],
    given: words(
      "James Mary Robert Patricia Jennifer Michael Linda William Elizabeth David Barbara Richard Susan Joseph Jessica Thomas Karen Christopher Sarah Daniel Nancy Matthew Lisa Anthony",
    ),
    surnames: words(
      "Johnson Williams Brown Miller Davis Anderson Wilson Moore Jackson White Harris Thompson Robinson Clark Lewis Walker Allen Wright Hill Green Adams Nelson Baker Mitchell Campbell Roberts Carter Phillips Evans Turner",
    ),
  },
  {
    country: "United Kingdom",
    usageLocation: "GB",
    cities: [
      { city: "London", state: null },
      { city: "Leeds", state: null },
      { city: "Bristol", state: null },
    ],
    given: words(
      "Oliver Amelia George Isla Harry Ava Noah Emily Jack Sophia Leo Grace Arthur Lily Oscar Freya Henry Poppy Archie Ella Alfie Charlotte Theo Evie",
    ),
    surnames: words(
      "Smith Taylor Davies Hughes Edwards Thomas Patel Wood Hall Cooper Ward Cox Bailey Shaw Holmes Palmer Webb Chapman Mason Barker Fletcher Marsh Dixon Gibbs Hartley Pearson Whitfield Ainsworth Bradshaw Lockwood",
    ),
  },
  {
    country: "Germany",
    usageLocation: "DE",
    cities: [
      { city: "München", state: "Bayern" },
      { city: "Berlin", state: "Berlin" },
      { city: "Köln", state: "Nordrhein-Westfalen" },
    ],
    given: words(
      "Lukas Anna Jürgen Katharina Stefan Sabine Thorsten Claudia Matthias Jana Florian Birgit Tobias Heike Sebastian Nicole Björn Ute Markus Franziska Andreas Petra Jonas Kerstin",
    ),
    surnames: words(
      "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Hoffmann Schäfer Koch Bauer Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Schmitt Krause Lehmann Köhler Maier Groß",
    ),
  },
  {
    country: "France",
    usageLocation: "FR",
    cities: [
      { city: "Paris", state: null },
      { city: "Lyon", state: null },
      { city: "Nantes", state: null },
    ],
    given: words(
      "Camille Louis Chloé Hugo Manon Jules Léa Gabriel Inès Arthur Zoé Lucas Margaux Nathan Élodie Antoine Amélie Rémi Céline Théo Hélène Mathis Aurélie Bastien",
    ),
    surnames: words(
      "Martin Bernard Dubois Durand Leroy Moreau Simon Laurent Lefèvre Michel Garcia Bertrand Roux Vincent Fournier Morel Girard André Mercier Dupont Lambert Bonnet François Martinez Legrand Garnier Faure Rousseau Blanc Guérin",
    ),
  },
  {
    country: "India",
    usageLocation: "IN",
    cities: [
      { city: "Pune", state: "MH" },
      { city: "Bengaluru", state: "KA" },
      { city: "Hyderabad", state: "TG" },
    ],
    given: words(
      "Aarav Ananya Vivaan Diya Aditya Isha Arjun Kavya Rohan Meera Karthik Priya Rahul Sneha Siddharth Pooja Vikram Neha Nikhil Shreya Manish Divya Sanjay Lakshmi",
    ),
    surnames: words(
      "Sharma Verma Gupta Iyer Nair Reddy Rao Mehta Desai Joshi Kulkarni Menon Chatterjee Banerjee Mukherjee Singh Kapoor Malhotra Agarwal Bhat Pillai Naidu Shetty Chopra Saxena Mishra Pandey Tiwari Bose Ghosh",
    ),
  },
  {
    country: "Poland",
    usageLocation: "PL",
    cities: [
      { city: "Kraków", state: null },
      { city: "Warszawa", state: null },
      { city: "Gdańsk", state: null },
    ],
    given: words(
      "Jakub Zofia Antoni Hanna Szymon Maja Filip Lena Wojciech Agnieszka Paweł Katarzyna Tomasz Małgorzata Michał Joanna Grzegorz Ewa Łukasz Magdalena Krzysztof Aleksandra Piotr Natalia",
    ),
    surnames: words(
      "Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański Woźniak Dąbrowski Kozłowski Jankowski Mazur Kwiatkowski Krawczyk Piotrowski Grabowski Zając Pawłowski Michalski Król Wieczorek Jabłoński Wróbel Majewski Olszewski Stępień Malinowski Jaworski",
    ),
  },
  {
    country: "Brazil",
    usageLocation: "BR",
    cities: [
      { city: "São Paulo", state: "SP" },
      { city: "Curitiba", state: "PR" },
      { city: "Recife", state: "PE" },
    ],
    given: words(
      "Miguel Helena Davi Alice Bernardo Laura Heitor Manuela Rafael Valentina Gustavo Luiza Felipe Beatriz Thiago Mariana João Letícia Caio Larissa Vinícius Camila Renato Juliana",
    ),
    surnames: words(
      "Silva Santos Oliveira Souza Rodrigues Ferreira Alves Pereira Lima Gomes Costa Ribeiro Martins Carvalho Almeida Lopes Soares Fernandes Vieira Barbosa Rocha Dias Nascimento Andrade Moreira Nunes Marques Machado Mendes Freitas",
    ),
  },
  {
    country: "Sweden",
    usageLocation: "SE",
    cities: [
      { city: "Stockholm", state: null },
      { city: "Göteborg", state: null },
      { city: "Malmö", state: null },
    ],
    given: words(
      "Elsa Axel Astrid Viggo Ebba Nils Saga Gustav Linnéa Erik Maja Oskar Ingrid Anders Karin Lars Birgitta Mats Åsa Per Ulrika Håkan Sofia Mikael",
    ),
    surnames: words(
      "Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Persson Svensson Gustafsson Pettersson Jonsson Jansson Hansson Bengtsson Jönsson Lindberg Jakobsson Magnusson Lindström Olofsson Lindqvist Lindgren Axelsson Berg Bergström Lundberg Lind Lundgren Sjöberg",
    ),
  },
];

export const departments: readonly { name: string; titles: readonly string[] }[] = [
  { name: "Sales", titles: ["Account Executive", "Sales Manager", "Inside Sales Representative"] },
  { name: "Finance", titles: ["Accountant", "Financial Controller", "Treasury Analyst"] },
  {
    name: "Engineering",
    titles: ["Software Engineer", "Test Engineer", "Engineering Manager", "Systems Architect"],
  },
  { name: "Operations", titles: ["Operations Planner", "Shift Supervisor", "Plant Technician"] },
  { name: "Human Resources", titles: ["HR Business Partner", "Recruiter", "Payroll Specialist"] },
  { name: "Marketing", titles: ["Brand Manager", "Content Editor", "Campaign Manager"] },
  { name: "Customer Service", titles: ["Service Agent", "Team Lead", "Service Delivery Manager"] },
  { name: "Legal", titles: ["Counsel", "Contract Manager", "Paralegal"] },
  { name: "IT", titles: ["Systems Administrator", "Service Desk Analyst", "Network Engineer"] },
  {
    name: "Research & Development",
    titles: ["Scientist", "Laboratory Technician", "Product Owner"],
  },
];

const LETTERS: Readonly<Record<string, string>> = {
  ß: "ss",
  ł: "l",
  Ł: "L",
  ø: "o",
  æ: "ae",
  ü: "ue",
  ö: "oe",
  ä: "ae",
  Ü: "Ue",
  Ö: "Oe",
  Ä: "Ae",
  å: "a",
  Å: "A",
};

/** Latin letters of a name, lower-case; every name of the pools is spelled once. */
const spelled = new Map<string, string>();

function plain(text: string): string {
  const known = spelled.get(text);
  if (known !== undefined) return known;
  const letters = [...text]
    .map((letter) => LETTERS[letter] ?? letter)
    .join("")
    .normalize("NFD")
    .replace(/[^A-Za-z]/g, "")
    .toLowerCase();
  spelled.set(text, letters);
  return letters;
}

/** `Jürgen Groß` → `juergen.gross`: the part before the @. */
export function mailNickname(given: string, surname: string): string {
  return `${plain(given)}.${plain(surname)}`;
}
